import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError, missingParameter } from './api-error.ts';

export type Credentials = { secretId: string; secretKey: string; token?: string };

export type SignedRequest = { headers: IncomingHttpHeaders; body: Uint8Array };

const clockWindowS = 300;

const authorizationPattern =
  /^TC3-HMAC-SHA256 +Credential=([^/\s,]+)\/([^/\s,]+)\/([^/\s,]+)\/tc3_request, *SignedHeaders=([^\s,]+), *Signature=([0-9a-fA-F]{64})$/;

type Authorization = { secretId: string; date: string; service: string; signedHeaders: string; signature: string };

/**
 * Checks a TC3-HMAC-SHA256 signature as the vendor does, and throws its AuthFailure codes. The method is always POST, the
 * path `/`, and the query empty: the vendor accepts nothing else with a JSON body.
 */
export function verifySignature(request: SignedRequest, credentials: Credentials, nowMs: number): void {
  const timestamp = readTimestamp(request.headers);
  const authorization = parseAuthorization(request.headers.authorization);
  if (authorization.service !== 'mps') {
    throw invalidAuthorization('the service in the credential scope must be `mps`');
  }
  if (authorization.secretId !== credentials.secretId) {
    throw new ApiError(
      'AuthFailure.SecretIdNotFound',
      'The SecretId is not found, please ensure that your SecretId is correct.',
    );
  }
  if (Math.abs(nowMs / 1000 - timestamp) > clockWindowS) {
    throw new ApiError(
      'AuthFailure.SignatureExpire',
      'The signature has expired: the timestamp is more than 5 minutes off the server time.',
    );
  }
  if (!isSignedBy(credentials.secretKey, authorization, timestamp, request)) {
    throw new ApiError(
      'AuthFailure.SignatureFailure',
      'The provided credentials could not be validated. Please check your signature is correct.',
    );
  }
  if ((request.headers['x-tc-token'] ?? '') !== (credentials.token ?? '')) {
    throw new ApiError('AuthFailure.TokenFailure', 'The provided token is not valid.');
  }
}

function readTimestamp(headers: IncomingHttpHeaders): number {
  const timestamp = headers['x-tc-timestamp'];
  if (timestamp === undefined) throw missingParameter('Timestamp');
  if (typeof timestamp !== 'string' || !/^\d{1,11}$/.test(timestamp)) {
    throw new ApiError('InvalidParameter', 'The value type of parameter `Timestamp` is not valid.');
  }
  return Number(timestamp);
}

function invalidAuthorization(why: string): ApiError {
  return new ApiError('AuthFailure.InvalidAuthorization', `The Authorization header is not valid: ${why}.`);
}

function parseAuthorization(header: string | undefined): Authorization {
  const [, secretId, date, service, signedHeaders, signature] = authorizationPattern.exec(header ?? '') ?? [];
  if (!secretId || !date || !service || !signedHeaders || !signature) {
    throw invalidAuthorization('it is missing or not of the form TC3-HMAC-SHA256 asks for');
  }
  const names = signedHeaders.split(';');
  if (!names.includes('content-type') || !names.includes('host')) {
    throw invalidAuthorization('SignedHeaders must include content-type and host');
  }
  return { secretId, date, service, signedHeaders, signature };
}

function isSignedBy(
  secretKey: string,
  { date, service, signedHeaders, signature }: Authorization,
  timestamp: number,
  { headers, body }: SignedRequest,
): boolean {
  if (date !== new Date(timestamp * 1000).toISOString().slice(0, 10)) return false;
  const host = headers.host ?? '';
  // The SDK signs the hostname without the port; other clients sign the Host header as it is sent.
  return [host, host.replace(/:\d+$/, '')].some((signedHost) => {
    const canonicalHeaders = signedHeaders
      .split(';')
      .map((name) => `${name}:${canonicalValue(name === 'host' ? signedHost : headers[name])}\n`)
      .join('');
    const canonicalRequest = `POST\n/\n\n${canonicalHeaders}\n${signedHeaders}\n${sha256(body)}`;
    const toSign = `TC3-HMAC-SHA256\n${timestamp}\n${date}/${service}/tc3_request\n${sha256(canonicalRequest)}`;
    const signingKey = [date, service, 'tc3_request'].reduce<Buffer>(hmac, Buffer.from(`TC3${secretKey}`));
    return timingSafeEqual(hmac(signingKey, toSign), Buffer.from(signature, 'hex'));
  });
}

function canonicalValue(value: string | string[] | undefined): string {
  return String(value ?? '')
    .trim()
    .toLowerCase();
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
