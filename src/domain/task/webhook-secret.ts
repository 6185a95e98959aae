import { randomBytes } from 'node:crypto';

const prefix = 'whsec_';
/** Standard Webhooks' bounds. */
const bytes = { min: 24, max: 64, made: 32 };

/** How long receivers have to learn a new secret. */
export const rotationHours = 24;

/** As Standard Webhooks spell a symmetric secret. */
export function makeWebhookSecret(): string {
  return `${prefix}${randomBytes(bytes.made).toString('base64')}`;
}

export function isWebhookSecret(text: string): boolean {
  const encoded = text.slice(prefix.length);
  const key = Buffer.from(encoded, 'base64');
  if (!text.startsWith(prefix) || key.toString('base64') !== encoded) return false;
  return key.length >= bytes.min && key.length <= bytes.max;
}
