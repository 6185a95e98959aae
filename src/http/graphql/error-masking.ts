import type { GraphQLError } from 'graphql';
import type { Logger } from '../../kit/logger.ts';
import { shorten } from './bounded-errors.ts';

/** Turns whatever an operation threw into what its caller may know, always with an `extensions.code`. */
export type MaskError = (error: unknown) => GraphQLError;

/** Logs what nobody expected, in full, where it is masked: the caller is told nothing of it, and of the rest briefly. */
export function logUnexpected(maskError: MaskError, logger: Logger): MaskError {
  return (error) => {
    const masked = maskError(error);
    if (masked.extensions.code === 'INTERNAL_SERVER_ERROR') {
      logger.error({ err: error }, 'an operation failed unexpectedly');
    }
    return shorten(masked);
  };
}
