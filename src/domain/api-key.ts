import { hash, randomInt, timingSafeEqual } from 'node:crypto';
import { InvalidInputError } from './errors.ts';
import type { InputIssue } from './request/input-issue.ts';
import { isOwnerName, ownerNameRule } from './owner.ts';

export type ApiKey = {
  /** Public: lists, logs and `revoke` name the key by it. */
  id: string;
  owner: string;
  name: string;
  secretHash: Uint8Array;
  createdAt: Date;
  revokedAt: Date | null;
};

export type NewApiKey = Omit<ApiKey, 'createdAt' | 'revokedAt'>;

/** Distinguishes a key from a token, and lets secret scanners find one that was committed or pasted. */
const prefix = 'aigc_';
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idLength = 12;
const secretLength = 43;
const pattern = new RegExp(`^${prefix}([0-9A-Za-z]{${idLength}})_([0-9A-Za-z]{${secretLength}})$`);

/** Returns the key and the text that its owner sends, which alone holds the secret. Throws an InvalidInputError. */
export function makeApiKey(labels: { owner: string; name: string }): { key: NewApiKey; text: string } {
  const issues = [...findLabelIssues('owner', labels.owner), ...findLabelIssues('name', labels.name)];
  if (issues.length > 0) throw new InvalidInputError(issues);
  const id = randomText(idLength);
  const secret = randomText(secretLength);
  return { key: { id, ...labels, secretHash: hashSecret(secret) }, text: `${prefix}${id}_${secret}` };
}

export function looksLikeApiKey(text: string): boolean {
  return text.startsWith(prefix);
}

/** Whether a text is longer than an id, so that it may hold a secret or a part of one. */
export function mayHoldSecret(text: string): boolean {
  return text.length > idLength;
}

export function parseApiKey(text: string): { id: string; secret: string } | null {
  const [, id, secret] = pattern.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

export function isSecretOf({ secretHash }: ApiKey, secret: string): boolean {
  return timingSafeEqual(hashSecret(secret), secretHash);
}

/** A fast hash is enough for 256 random bits, and every request needs one. */
function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

function randomText(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

function findLabelIssues(label: 'owner' | 'name', text: string): InputIssue[] {
  return isOwnerName(text) ? [] : [{ path: [label], code: 'MALFORMED', message: ownerNameRule }];
}
