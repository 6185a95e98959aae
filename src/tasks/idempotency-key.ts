import { hash } from 'node:crypto';
import { IdempotencyConflictError, InvalidInputError } from '../domain/errors.ts';
import { canonicalJson } from '../domain/request/canonical-request.ts';
import type { InputIssue } from '../domain/request/input-issue.ts';
import { maxWordLength } from '../domain/request/request-bounds.ts';
import { countCodePoints, isStorable } from '../domain/request/text.ts';
import type { Caller, Task } from '../domain/task/task.ts';
import { findTaskByKey } from '../store/find-tasks.ts';
import type { TaskDependencies } from './dependencies.ts';

/** The task that the key already stands for in this account. Throws IdempotencyConflictError when it was another request's. */
export async function findByKey(
  { database, account }: TaskDependencies,
  caller: Caller,
  idempotencyKey: string,
  requestHash: string,
): Promise<Task | null> {
  const earlier = await findTaskByKey(database, caller.owner, account, idempotencyKey);
  if (earlier === null) return null;
  if (earlier.requestHash !== requestHash) throw new IdempotencyConflictError(earlier.task);
  return earlier.task;
}

/** What "the same request" means: the same operation over the same fields, however they were spelled. */
export function hashRequest(operation: string, request: object): string {
  return hash('sha256', `${operation}\n${canonicalJson(request)}`);
}

/** Throws an InvalidInputError for a key that is empty, too long or can't be stored. */
export function checkIdempotencyKey(key: string | null): void {
  const issue = key === null ? null : issueOf(key);
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
