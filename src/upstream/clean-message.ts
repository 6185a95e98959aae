import type { Credentials } from './tc3-signature.ts';

const maxMessageLength = 500;
// Only a sandbox has a shorter one, and removing that would black out ordinary words.
const minSecretLength = 8;
const redacted = '[redacted]';

const authorization = /TC3-HMAC-SHA256\s[^\r\n"']*|\bSignature=[\da-f]{16,}/giu;
// Any SecretId of the vendor's.
const secretIds = /\b[AI]KID\w{8,}/gu;
// Control characters, and those that reverse the direction of the text after them.
const unprintable = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu;

/** The vendor's message on one line, without credentials or a signature, at most 500 characters. */
export function cleanMessage(message: string, credentials: Credentials): string {
  const secrets = [credentials.secretKey, credentials.secretId, credentials.token ?? ''];
  const withoutSecrets = secrets
    .filter((secret) => secret.length >= minSecretLength)
    .reduce((text, secret) => text.replaceAll(secret, redacted), message)
    .replace(authorization, redacted)
    .replace(secretIds, redacted);
  return cap(plainText(withoutSecrets));
}

/** Text that any log, page or database accepts: no control characters, one line, well-formed Unicode. */
export function plainText(text: string): string {
  return text.replace(unprintable, ' ').trim().toWellFormed();
}

function cap(text: string): string {
  const characters = Array.from(text);
  return characters.length <= maxMessageLength ? text : `${characters.slice(0, maxMessageLength - 1).join('')}…`;
}
