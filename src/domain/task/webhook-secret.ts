import { randomBytes } from 'node:crypto';

const prefix = 'whsec_';
/** What Standard Webhooks ask for. */
const bytes = { least: 24, most: 64, made: 32 };

/** With how much overlap a secret is replaced: receivers have that long to learn the new one. */
export const rotationHours = 24;

/** A symmetric secret as Standard Webhooks spell it: `whsec_` and Base64. */
export function makeWebhookSecret(): string {
  return `${prefix}${randomBytes(bytes.made).toString('base64')}`;
}

export function isWebhookSecret(text: string): boolean {
  const encoded = text.slice(prefix.length);
  const key = Buffer.from(encoded, 'base64');
  if (!text.startsWith(prefix) || key.toString('base64') !== encoded) return false;
  return key.length >= bytes.least && key.length <= bytes.most;
}
