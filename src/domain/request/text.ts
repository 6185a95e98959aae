import type { InputIssue } from './input-issue.ts';

/** Ten times what any text may have: of a longer one nobody needs to know the number, and it takes its time. */
const longestCounted = 100_000;

/** How long a text is as its reader counts, roughly: an emoji outside the basic plane is one, not two. */
export function countCodePoints(text: string): number {
  if (text.length > longestCounted) return text.length;
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

/** For a message: a caller's word between quotes, cut where it gets long. */
export function quote(text: string): string {
  const start = text.slice(0, 60).toWellFormed();
  return text.length > 60 ? `"${start}…"` : `"${start}"`;
}
