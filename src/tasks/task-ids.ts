import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import type { DatabaseClock } from '../store/database-clock.ts';

/** Of a new task. Lists are ordered by ids, and creation times and quotas are read from them. */
export type CreateTaskId = () => Promise<string>;

/** Half of what a UUIDv7 counts with within a millisecond: as many again are left for ids of that millisecond. */
const maxFirstCount = 2 ** 31;

/**
 * UUIDv7 by the database's time, so that those of all replicas are in order. Of one process each is above the last one,
 * also when the database's clock was set back: then they stay in the last millisecond until the clock has passed it.
 */
export function createTaskIds(clock: Pick<DatabaseClock, 'now' | 'settle'>): CreateTaskId {
  let last = { msecs: -1, seq: 0 };

  function next(now: number): typeof last {
    if (now > last.msecs) return { msecs: now, seq: randomInt(maxFirstCount) };
    return last.seq < 2 ** 32 - 1 ? { ...last, seq: last.seq + 1 } : { msecs: last.msecs + 1, seq: 0 };
  }

  return async () => {
    await clock.settle();
    last = next(clock.now());
    return v7(last);
  };
}
