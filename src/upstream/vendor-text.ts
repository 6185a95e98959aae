import { z } from 'zod';
import { maxWordLength } from '../domain/request/request-bounds.ts';
import { plainText } from './clean-message.ts';

/**
 * The vendor's words, made fit for PostgreSQL's text and JSON: well-formed Unicode without NUL or other control
 * characters, and bounded. Messages go through `cleanMessage`.
 */
export const vendorWord = z.string().transform((text) => plainText(text).slice(0, maxWordLength).toWellFormed());

/** Not truncated, which would make it another task's: one that is too long is no TaskId, and fits no index. */
export const vendorTaskId = z.string().transform(plainText).pipe(z.string().min(1).max(maxWordLength));

/** Longer than any signed URL; browsers and proxies accept no more. */
const maxUrlLength = 16_384;

/**
 * A result's URL unchanged, because it is signed: only half a surrogate pair is replaced, as a browser would. null if a
 * browser could not fetch it.
 */
export function fetchableUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > maxUrlLength) return null;
  const url = value.toWellFormed();
  return /^https?:\/\/[^\s\p{Cc}]+$/iu.test(url) && URL.canParse(url) ? url : null;
}
