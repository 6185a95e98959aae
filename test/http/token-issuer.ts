import { constants, createHmac, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { listen } from '../../src/http/listen.ts';

export type Claims = Record<string, unknown>;

/** Signs what stands before the last dot. */
export type Sign = (input: string) => Buffer;

/** A token in any state, valid or not: built by hand, as an attacker would. */
export function buildToken(header: Claims, claims: Claims | string, signWith: Sign): string {
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims);
  const input = `${base64url(JSON.stringify(header))}.${base64url(payload)}`;
  return `${input}.${signWith(input).toString('base64url')}`;
}

export function withSecret(secret: string, hash = 'sha256'): Sign {
  return (input) => createHmac(hash, secret).update(input).digest();
}

export type SigningKey = { kid: string; alg: string; jwk: JsonWebKey; publicKey: KeyObject; sign: Sign };

const curves = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;
type CurveAlgorithm = keyof typeof curves;

export function createRsaKey(kid: string, { alg = 'RS256', modulusLength = 2048 } = {}): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const padding = alg.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 }
    : {};
  return signingKey(kid, alg, publicKey, (input) =>
    sign(hashOf(alg), Buffer.from(input), { key: privateKey, ...padding }),
  );
}

export function createCurveKey(kid: string, alg: CurveAlgorithm): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curves[alg] });
  return signingKey(kid, alg, publicKey, (input) =>
    sign(hashOf(alg), Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  );
}

export function createEdwardsKey(kid: string): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return signingKey(kid, 'EdDSA', publicKey, (input) => sign(null, Buffer.from(input), privateKey));
}

function signingKey(kid: string, alg: string, publicKey: KeyObject, signWith: Sign): SigningKey {
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
  return { kid, alg, jwk, publicKey, sign: signWith };
}

export function tokenOf({ alg, kid, sign: signWith }: SigningKey, claims: Claims): string {
  return buildToken({ alg, kid, typ: 'JWT' }, claims, signWith);
}

function hashOf(alg: string): string {
  return `sha${alg.slice(2)}`;
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

export type Issuer = AsyncDisposable & { url: string; requests: number; keys: JsonWebKey[]; answer: RequestListener };

/** Publishes its keys, and counts who asks for them. A test may let it answer anything else. */
export async function startIssuer(...keys: SigningKey[]): Promise<Issuer> {
  const server = createServer((request, response) => {
    issuer.requests += 1;
    issuer.answer(request, response);
  });
  const port = await listen(server, { host: '127.0.0.1', port: 0 });
  const issuer: Issuer = {
    url: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    requests: 0,
    keys: keys.map(({ jwk }) => jwk),
    answer: (_request, response) => response.end(JSON.stringify({ keys: issuer.keys })),
    [Symbol.asyncDispose]: () => closeServer(),
  };
  function closeServer(): Promise<void> {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  }
  return issuer;
}
