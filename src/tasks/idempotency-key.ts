import { InvalidInputError } from '../domain/errors.ts';
import type { InputIssue } from '../domain/request/input-issue.ts';
import { maxWordLength } from '../domain/request/request-bounds.ts';
import { countCodePoints, isStorable } from '../domain/request/text.ts';

/** Throws an InvalidInputError for a key that is empty, too long or can't be stored. */
export function checkIdempotencyKey(key: string): void {
  const issue = issueOf(key);
  if (issue !== null) throw new InvalidInputError([{ path: ['idempotencyKey'], ...issue }]);
}

function issueOf(key: string): Omit<InputIssue, 'path'> | null {
  if (key.trim() === '')
    return { code: 'REQUIRED', message: 'An idempotency key must not be blank. Leave it out to send none.' };
  if (countCodePoints(key) > maxWordLength) {
    return { code: 'TOO_LONG', message: `An idempotency key has at most ${maxWordLength} characters.` };
  }
  if (!isStorable(key)) {
    return { code: 'MALFORMED', message: 'An idempotency key must be well-formed Unicode text without NUL.' };
  }
  return null;
}
