import { TemporarilyUnavailableError } from '../domain/errors.ts';
import { outageOf } from './database-outage.ts';

/** Nothing says when it will be back: callers are to come again before they are missed. */
const retryAfterSeconds = 5;

/** Does work for a caller, and rejects with a TemporarilyUnavailableError where the database is away for it. */
export async function refuseInOutage<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (outageOf(error) === null || error instanceof TemporarilyUnavailableError) throw error;
    throw databaseAway(error);
  }
}

export function databaseAway(cause: unknown): TemporarilyUnavailableError {
  return new TemporarilyUnavailableError(
    'The database does not answer at this moment. Try again, a mutation with the same idempotencyKey.',
    { cause, retryAfterSeconds },
  );
}
