import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from '../../kit/logger.ts';
import { boundResult, shorten } from './bounded-errors.ts';

export type MaskError = (error: unknown) => GraphQLError;

/** Logs unexpected errors in full; the caller sees nothing of them, and a shortened message of all others. */
export function logUnexpected(maskError: MaskError, logger: Logger): MaskError {
  return (error) => {
    const masked = maskError(error);
    if (masked.extensions.code === 'INTERNAL_SERVER_ERROR') {
      logger.error({ err: error }, 'an operation failed unexpectedly');
    }
    return shorten(masked);
  };
}

/** What a caller gets of a result that does not pass through Yoga. */
export function finishResult(result: ExecutionResult, maskError: MaskError): ExecutionResult {
  const bounded = boundResult(result);
  return bounded.errors ? { ...bounded, errors: bounded.errors.map(maskError) } : bounded;
}
