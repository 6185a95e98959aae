import { createHmac, hash } from 'node:crypto';

/** `token` only with temporary credentials. */
export type Credentials = { secretId: string; secretKey: string; token?: string };

const algorithm = 'TC3-HMAC-SHA256';
// Part of what is signed: the same for any host, also a local sandbox.
const service = 'mps';
const signedHeaders = 'content-type;host';

export type SignedRequest = { hostname: string; contentType: string; body: string; timestamp: number };

/**
 * Signs a POST to `/`: answers its Authorization header, by the vendor's "signature method v3". `hostname` without the port, as the SDK
 * signs it; `contentType` and `body` exactly as sent; `timestamp` in seconds.
 */
export function createTc3Signer({
  secretId,
  secretKey,
}: Pick<Credentials, 'secretId' | 'secretKey'>): (request: SignedRequest) => string {
  /** Derived once a day: three of the four digests of a signature. */
  let signing: { date: string; key: Buffer } | null = null;

  function keyOf(date: string): Buffer {
    if (signing?.date === date) return signing.key;
    const dateKey = hmac(`TC3${secretKey}`, date);
    signing = { date, key: hmac(hmac(dateKey, service), 'tc3_request') };
    return signing.key;
  }

  return ({ hostname, contentType, body, timestamp }) => {
    const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
    const scope = `${date}/${service}/tc3_request`;
    const canonicalHeaders = `content-type:${contentType}\nhost:${hostname}\n`;
    const canonicalRequest = ['POST', '/', '', canonicalHeaders, signedHeaders, hash('sha256', body)].join('\n');
    const stringToSign = [algorithm, timestamp, scope, hash('sha256', canonicalRequest)].join('\n');
    const signature = hmac(keyOf(date), stringToSign).toString('hex');
    return `${algorithm} Credential=${secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  };
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
