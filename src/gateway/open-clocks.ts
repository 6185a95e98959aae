import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { repeat } from '../kit/repeat.ts';
import { createDatabaseClock, type DatabaseClock } from '../store/database-clock.ts';
import type { Database } from '../store/database.ts';

/** The vendor takes signatures that are 5 minutes off. One is left for the database's own clock, and for the way. */
const toleranceMs = 4 * 60_000;
const lookEveryMs = 5_000;

/** The database's time, and whether this machine's clock is near enough to it to sign calls to the vendor. */
export type Clocks = AsyncDisposable & {
  databaseClock: DatabaseClock;
  isClockOff(): boolean;
  /** In words for an operator; empty while all is well. */
  troubles(): Record<string, string>;
};

/** Tells the log when the machine's clock goes wrong, and when it is right again. */
export async function openClocks(
  database: Database,
  { machineClock, logger }: { machineClock: Clock; logger: Logger },
): Promise<Clocks> {
  await using opening = new AsyncDisposableStack();
  const databaseClock = opening.use(await createDatabaseClock(database, { machineClock, logger }));
  const isClockOff = (): boolean => Math.abs(databaseClock.aheadMs()) > toleranceMs;
  let wasOff = false;

  async function compare(): Promise<void> {
    const isOff = isClockOff();
    if (isOff && !wasOff) logger.error(`${describe(databaseClock.aheadMs())} It leaves scheduling to other replicas.`);
    if (!isOff && wasOff) logger.info("This machine's clock is right again.");
    wasOff = isOff;
  }

  const stopping = new AbortController();
  const failure = "This machine's clock could not be watched.";
  const watching = repeat(compare, {
    everyMs: lookEveryMs,
    failure,
    clock: machineClock,
    logger,
    signal: stopping.signal,
  });
  opening.defer(() => watching);
  opening.defer(() => stopping.abort());
  const open = opening.move();
  return {
    databaseClock,
    isClockOff,
    troubles: () => (isClockOff() ? { clock: describe(databaseClock.aheadMs()) } : {}),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function describe(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  const side = aheadMs > 0 ? 'ahead of' : 'behind';
  return `This machine's clock is ${seconds} s ${side} the database's: set the wrong one of the two right (NTP).`;
}
