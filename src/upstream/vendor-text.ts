import { z } from 'zod';
import { maxWordLength } from '../domain/request/request-bounds.ts';
import { plainText } from './clean-message.ts';

/** Fit for PostgreSQL's text and JSON: bounded, well-formed Unicode without NUL or other control characters. */
export const vendorWord = z.string().transform((text) => plainText(text).slice(0, maxWordLength).toWellFormed());

/** Refused rather than truncated when too long for an index: a truncated one could be another task's. */
export const vendorTaskId = z.string().transform(plainText).pipe(z.string().min(1).max(maxWordLength));

/** Longer than any signed URL; browsers and proxies accept no more. */
const maxUrlLength = 16_384;

/** Unchanged, because it is signed, but for half a surrogate pair, which browsers replace too. null if none could fetch it. */
export function fetchableUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > maxUrlLength) return null;
  const url = value.toWellFormed();
  return /^https?:\/\/[^\s\p{Cc}]+$/iu.test(url) && URL.canParse(url) ? url : null;
}
