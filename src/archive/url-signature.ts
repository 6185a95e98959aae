import { createHmac, timingSafeEqual } from 'node:crypto';

export type UrlSignature = {
  sign(fileId: string, expires: number): string;
  /** Takes as long for a wrong one as for a right one. */
  isRight(fileId: string, expires: number, signature: string): boolean;
};

/** The first secret signs; signatures by any of them are accepted, so that a secret can be replaced. */
export function createUrlSignature(secrets: readonly [Uint8Array, ...Uint8Array[]]): UrlSignature {
  const digest = (secret: Uint8Array, fileId: string, expires: number): Buffer =>
    createHmac('sha256', secret).update(`file\n${fileId}\n${expires}`).digest();
  return {
    sign: (fileId, expires) => digest(secrets[0], fileId, expires).toString('base64url'),
    isRight(fileId, expires, signature) {
      const given = Buffer.from(signature, 'base64url');
      const matches = secrets.filter((secret) => {
        const expected = digest(secret, fileId, expires);
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
      return matches.length > 0;
    },
  };
}
