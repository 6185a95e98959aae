import { createHash, createHmac } from 'node:crypto';
import { sandboxCredentials } from '../../src/sandbox/sandbox.ts';

export type Answer = {
  RequestId: string;
  Error?: { Code: string; Message: string };
  TaskId?: string;
  Status?: string;
  Message?: string;
  Resolution?: string;
  ImageUrls?: string[];
  VideoUrls?: string[];
  AudioInfos?: { Url: string; Duration: number }[];
  VideoInfos?: { Url: string; Duration: number }[];
};

/** What a test may bend. Everything left out is as it should be. */
export type Signing = {
  secretId?: string;
  secretKey?: string;
  service?: string;
  version?: string;
  timestampS?: number;
  date?: string;
  /** The host that is signed; the SDK signs it without the port. */
  signedHost?: string;
  signedHeaders?: string[];
  /** Sent on top of (or, with `null`, without) the usual ones. */
  headers?: Record<string, string | null>;
};

/** Signs by the vendor's published TC3-HMAC-SHA256 steps, independently of the sandbox. */
export async function call(
  endpoint: string,
  action: string,
  body: unknown,
  nowMs: number,
  signing: Signing = {},
): Promise<Answer> {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: signedHeaders(endpoint, action, payload, nowMs, signing),
    body: payload,
  });
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  const envelope: { Response: Answer } = await response.json();
  return envelope.Response;
}

export function signedHeaders(
  endpoint: string,
  action: string,
  payload: string,
  nowMs: number,
  signing: Signing = {},
): Record<string, string> {
  const {
    secretId = sandboxCredentials.secretId,
    secretKey = sandboxCredentials.secretKey,
    service = 'mps',
    version = '2019-06-12',
    timestampS = Math.floor(nowMs / 1000),
    date = new Date(timestampS * 1000).toISOString().slice(0, 10),
    signedHost = new URL(endpoint).hostname,
    signedHeaders: names = ['content-type', 'host'],
    headers = {},
  } = signing;
  const values: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    host: signedHost,
    'x-tc-action': action,
    'x-tc-timestamp': String(timestampS),
    'x-tc-version': version,
  };
  const canonicalHeaders = names.map((name) => `${name}:${(values[name] ?? '').toLowerCase()}\n`).join('');
  const canonicalRequest = ['POST', '/', '', canonicalHeaders, names.join(';'), sha256(payload)].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const toSign = ['TC3-HMAC-SHA256', timestampS, scope, sha256(canonicalRequest)].join('\n');
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  const { host: _, ...sent } = values;
  const all = {
    ...sent,
    authorization:
      `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${names.join(';')}, ` +
      `Signature=${hmac(key, toSign).toString('hex')}`,
    ...headers,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
}

function sha256(data: string): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
