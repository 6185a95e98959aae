import type { InputIssue } from './input-issue.ts';

/** Ten times what any text may have: the exact length of a longer one interests no one, and counting takes time. */
const maxCounted = 100_000;

/** Roughly as a reader counts: an emoji outside the basic plane is one, not two. */
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

/** What is wrong with a text that is not. */
export const notStorable: Omit<InputIssue, 'path'> = {
  code: 'MALFORMED',
  message: 'The text holds a NUL character or half a surrogate pair, which cannot be stored.',
};

/** A caller's word in quotes for a message, shortened. */
export function quote(text: string): string {
  const start = text.slice(0, 60).toWellFormed();
  return text.length > 60 ? `"${start}…"` : `"${start}"`;
}
