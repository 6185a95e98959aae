import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Whether a request was signed with this secret, in its headers or in its URL, and is as it was when it was signed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function isSignedWith(secretAccessKey: string, request: IncomingMessage): boolean {
  const url = new URL(request.url ?? '', 'http://localhost');
  const { credential, signedHeaders, signature, date, contentHash } = signatureOf(request, url);
  const scope = credential.split('/').slice(1);
  const headers = signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [
    request.method,
    url.pathname,
    queryWithoutSignature(url),
    headers.join(''),
    signedHeaders,
    contentHash,
  ].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const key = scope.reduce((previous: string | Buffer, part) => hmac(previous, part), `AWS4${secretAccessKey}`);
  return signature === hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), hash].join('\n')).toString('hex');
}

function signatureOf({ headers }: IncomingMessage, { searchParams }: URL) {
  const header = headers.authorization ?? '';
  const inUrl = (name: string): string => searchParams.get(`X-Amz-${name}`) ?? '';
  const inHeader = (name: string): string => new RegExp(`${name}=([^,]+)`).exec(header)?.[1] ?? '';
  const find = header === '' ? inUrl : inHeader;
  return {
    credential: find('Credential'),
    signedHeaders: find('SignedHeaders'),
    signature: find('Signature'),
    date: header === '' ? inUrl('Date') : String(headers['x-amz-date']),
    contentHash: header === '' ? inUrl('Content-Sha256') : String(headers['x-amz-content-sha256']),
  };
}

function queryWithoutSignature({ search }: URL): string {
  const parts = search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !part.startsWith('X-Amz-Signature='));
  return parts
    .map((part) => (part.includes('=') ? part : `${part}=`))
    .toSorted()
    .join('&');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
