import { sql } from 'kysely';
import type { Clock } from '../kit/clock.ts';
import { repeat } from '../kit/repeat.ts';
import type { Logger } from '../kit/logger.ts';
import { middleOf, offsetAfter, type ClockReading } from './clock-offset.ts';
import type { Database } from './database.ts';

/** The database's time, which all replicas share, as known to this process. Sleeps and monotonic time are the machine's own. */
export type DatabaseClock = Clock &
  AsyncDisposable & {
    /** By how much the machine's wall clock is ahead of the database's, in milliseconds; below 0: behind. */
    aheadMs(): number;
    /** Before a time that is kept for good: reads the database's clock again if the machine may have stood still since. */
    settle(): Promise<void>;
  };

const measureEveryMs = 5_000;
/** The machine's two clocks part by so much when it was suspended, or its wall clock was set. */
const suspiciousMs = 1_000;

/**
 * Reads the database's clock once before it resolves, and then at intervals. In between the machine's monotonic clock counts on, so
 * that setting its wall clock changes nothing. Rejects when the database does not answer.
 */
export async function createDatabaseClock(
  database: Database,
  { machineClock, logger }: { machineClock: Clock; logger: Logger },
): Promise<DatabaseClock> {
  /** What the wall clock showed when the monotonic one showed 0: changes when either was held up or set. */
  const machineZero = (): number => machineClock.now() - machineClock.monotonic();

  async function read(): Promise<ClockReading & { zero: number }> {
    const zero = machineZero();
    const askedAt = machineClock.monotonic();
    const time = await readTime(database);
    return { askedAt, answeredAt: machineClock.monotonic(), time, zero };
  }

  const first = await read();
  let offset = offsetAfter(null, first);
  /** As it was before the last reading: the machine may also have stood still while it waited for the answer. */
  let trustedZero = first.zero;
  let measuring: Promise<void> | null = null;
  const time = (): number => machineClock.monotonic() + middleOf(offset);

  async function measureOnce(): Promise<void> {
    const reading = await read();
    offset = offsetAfter(offset, reading);
    trustedZero = reading.zero;
  }

  function measure(): Promise<void> {
    // Silent when the database is away: others tell that, and the last offset goes on.
    return (measuring ??= measureOnce()
      .catch(() => {})
      .finally(() => (measuring = null)));
  }

  const isSuspicious = (): boolean => Math.abs(machineZero() - trustedZero) > suspiciousMs;

  const stopping = new AbortController();
  const failure = 'The time of the database could not be measured.';
  const loop = { everyMs: measureEveryMs, failure, clock: machineClock, logger, signal: stopping.signal };
  const measuringOn = repeat(measure, loop);

  return {
    now: () => Math.floor(time()),
    monotonic: machineClock.monotonic,
    sleep: machineClock.sleep,
    aheadMs: () => machineClock.now() - time(),
    async settle() {
      if (isSuspicious()) await measure();
      // That one may have been under way since before.
      if (isSuspicious()) await measure();
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await measuringOn;
    },
  };
}

/** To the microsecond: a Date would cut off what narrows the offset down. */
async function readTime(database: Database): Promise<number> {
  const { rows } = await sql<{ time: number }>`
    select extract(epoch from clock_timestamp())::double precision * 1000 as time`.execute(database);
  const [row] = rows;
  if (row === undefined) throw new Error('The database did not tell its time.');
  return row.time;
}
