import type { CombinedError } from '@urql/core';
import { codesOf } from './gateway.ts';

/** What a person can make of it. */
export function explain(error: CombinedError): string {
  if (codesOf(error).includes('RATE_LIMITED')) return 'Too many requests at once. Try again in a moment.';
  const [first] = error.graphQLErrors;
  if (first) return first.message;
  return 'The gateway can’t be reached.';
}
