import { createHash, createHmac } from 'node:crypto';

/** `token` only with temporary credentials. */
export type Credentials = { secretId: string; secretKey: string; token?: string };

const algorithm = 'TC3-HMAC-SHA256';
// Part of what is signed: the same for any host, also a local sandbox.
const service = 'mps';
const signedHeaders = 'content-type;host';

/**
 * The Authorization header of a POST to `/`, by the vendor's "signature method v3". `hostname` without the port, as the SDK
 * signs it; `contentType` and `body` exactly as sent; `timestamp` in seconds.
 */
export function signTc3(request: {
  credentials: Pick<Credentials, 'secretId' | 'secretKey'>;
  hostname: string;
  contentType: string;
  body: string;
  timestamp: number;
}): string {
  const { credentials, hostname, contentType, body, timestamp } = request;
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${service}/tc3_request`;
  const canonicalHeaders = `content-type:${contentType}\nhost:${hostname}\n`;
  const canonicalRequest = ['POST', '/', '', canonicalHeaders, signedHeaders, sha256(body)].join('\n');
  const stringToSign = [algorithm, timestamp, scope, sha256(canonicalRequest)].join('\n');

  const dateKey = hmac(`TC3${credentials.secretKey}`, date);
  const signingKey = hmac(hmac(dateKey, service), 'tc3_request');
  const signature = hmac(signingKey, stringToSign).toString('hex');
  return `${algorithm} Credential=${credentials.secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
