import type { InputIssue } from './input-issue.ts';

/** Ten times the longest text that is allowed: counting a longer one exactly would only take time. */
const maxCounted = 100_000;

export function countCodePoints(text: string): number {
  if (text.length > maxCounted) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** PostgreSQL stores neither NUL nor half a surrogate pair, in text or in jsonb. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

export const notStorable: Omit<InputIssue, 'path'> = {
  code: 'MALFORMED',
  message: 'The text holds a NUL character or half a surrogate pair, which cannot be stored.',
};

/** A caller's text for a message: in quotes, shortened. */
export function quote(text: string): string {
  const start = text.slice(0, 60).toWellFormed();
  return text.length > 60 ? `"${start}…"` : `"${start}"`;
}
