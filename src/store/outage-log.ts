import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { Logger } from '../kit/logger.ts';
import { outageOf } from './database-outage.ts';

/** What is reported of statements. */
export type StatementObserver = {
  answered(): void;
  failed(error: unknown): void;
};

export type OutageLog = StatementObserver & {
  /** No connection could be made, for whatever reason. */
  unreachable(error: unknown): void;
  /** An operation of a caller was refused for want of the database. */
  refused(): void;
};

/** An outage in which some statements still work, or that begins anew at once, is one. */
const calmMs = 5_000;

/** Tells an outage of the database twice: when it begins, and when it is over, with how many operations were refused. */
export function createOutageLog(logger: Logger, clock: Pick<Clock, 'monotonic'>): OutageLog {
  let begunAt: number | null = null;
  let lastFailureAt = 0;
  let refused = 0;

  function unreachable(error: unknown): void {
    lastFailureAt = clock.monotonic();
    if (begunAt !== null) return;
    begunAt = lastFailureAt;
    logger.error(
      { error: reasonOf(error) },
      'The database does not answer. Operations that need it are refused with SERVICE_UNAVAILABLE until it does.',
    );
  }

  return {
    unreachable,
    failed(error) {
      if (outageOf(error) !== null) unreachable(error);
    },
    answered() {
      if (begunAt === null || clock.monotonic() - lastFailureAt < calmMs) return;
      const seconds = Math.round((lastFailureAt - begunAt) / 1_000);
      logger.warn({ seconds, refused }, 'The database answers again.');
      [begunAt, refused] = [null, 0];
    },
    refused() {
      if (begunAt !== null) refused += 1;
    },
  };
}
