import type { CombinedError } from '@urql/core';
import { codesOf } from './gateway.ts';

/** An error in words for the user. Without an error there was no answer either. */
export function explain(error: CombinedError | undefined): string {
  if (error === undefined || error.networkError?.name === 'TimeoutError') return 'The gateway did not answer.';
  if (codesOf(error).includes('RATE_LIMITED')) return 'Too many requests at once. Try again in a moment.';
  const [first] = error.graphQLErrors;
  if (first) return first.message;
  return 'The gateway can’t be reached.';
}

/** Whether the mutation may have succeeded all the same. */
export function isUnknown(error: CombinedError | undefined): boolean {
  return error === undefined || error.networkError !== undefined;
}
