import { z } from 'zod';
import { maxWordLength } from '../domain/request/request-bounds.ts';
import { plainText } from './clean-message.ts';

/**
 * The vendor's words, as they go everywhere from here: well-formed Unicode without NUL or other control characters, which
 * PostgreSQL takes as text and in JSON, and bounded. Messages go through `cleanMessage`.
 */
export const vendorWord = z.string().transform((text) => plainText(text).slice(0, maxWordLength).toWellFormed());

/** Cut off it would be another task's, so one that is too long is no TaskId: no index takes it, and nobody could track it. */
export const vendorTaskId = z.string().transform(plainText).pipe(z.string().min(1).max(maxWordLength));

/** Longer than any that is signed; browsers and proxies take no more. */
const maxUrlLength = 16_384;

/**
 * A result's URL as it came, because it is signed: only half a surrogate pair is replaced, as a browser would when it
 * fetches it. null if it is not one that a browser could fetch.
 */
export function fetchableUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > maxUrlLength) return null;
  const url = value.toWellFormed();
  return /^https?:\/\/[^\s\p{Cc}]+$/iu.test(url) && URL.canParse(url) ? url : null;
}
