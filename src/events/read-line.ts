import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';

export type ReadLineOptions = {
  /** Reads these and hands them on. What it rejects is read again. */
  read(ids: readonly string[]): Promise<void>;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

const retryMs = 500;
const readAtOnce = 1_000;

/** Ids in the order in which they are to be read, all of a moment at once, again and again until it works. */
export function createReadLine({ read, clock, logger, signal }: ReadLineOptions) {
  /** By id, its turn. The lowest turn is the first. */
  let waiting = new Map<string, number>();
  let underWay = new Map<string, number>();
  let turn = 0;
  let running: Promise<void> | null = null;
  let expected: { turn: number; tell: () => void }[] = [];

  async function readAll(): Promise<void> {
    while (waiting.size > 0 && !signal.aborted) {
      underWay = new Map(waiting.entries().take(readAtOnce));
      for (const id of underWay.keys()) waiting.delete(id);
      try {
        await read([...underWay.keys()]);
      } catch (error) {
        logger.warn({ error: String(error) }, 'Changed tasks could not be read; trying again.');
        waiting = new Map([...underWay, ...waiting].toSorted(([, one], [, other]) => one - other));
        await clock.sleep(retryMs, signal).catch(() => {});
      }
      underWay = new Map();
      tellThoseWhoWait();
    }
    // In the same turn as the last look at what is to be read, lest a hint falls between.
    running = null;
  }

  function tellThoseWhoWait(): void {
    const [next = Infinity] = waiting.values();
    for (const each of expected) if (each.turn < next) each.tell();
    expected = expected.filter((each) => each.turn >= next);
  }

  return {
    add(ids: Iterable<string>): void {
      for (const id of ids) if (!waiting.has(id)) waiting.set(id, (turn += 1));
      if (waiting.size > 0) running ??= readAll();
    },

    /** Calls back once all that was added so far has been read. */
    onceRead(tell: () => void): void {
      if (running === null) tell();
      else expected.push({ turn, tell });
    },

    async ended(): Promise<void> {
      await running;
    },
  };
}
