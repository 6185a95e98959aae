import type { CombinedError } from '@urql/core';
import { codesOf } from './gateway.ts';

/** What a person can make of it. Nothing to go by: neither an answer nor an error came. */
export function explain(error: CombinedError | undefined): string {
  if (error === undefined || error.networkError?.name === 'TimeoutError') return 'The gateway did not answer.';
  if (codesOf(error).includes('RATE_LIMITED')) return 'Too many requests at once. Try again in a moment.';
  const [first] = error.graphQLErrors;
  if (first) return first.message;
  return 'The gateway can’t be reached.';
}

/** Whether what was asked for may have been done all the same. */
export function isUnknown(error: CombinedError | undefined): boolean {
  return error === undefined || error.networkError !== undefined;
}
