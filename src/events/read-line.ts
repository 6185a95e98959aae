import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';

export type ReadLineOptions = {
  /** Reads these tasks and delivers them. If it rejects, they are read again. */
  read(ids: readonly string[]): Promise<void>;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

const retryMs = 500;
const readAtOnce = 1_000;

/** Reads the ids that were added, in order, all that wait at a moment in one query, until it works. */
export function createReadLine({ read, clock, logger, signal }: ReadLineOptions) {
  let waiting = new Map<string, number>();
  let underWay = new Map<string, number>();
  let turn = 0;
  let running: Promise<void> | null = null;
  let awaited: { turn: number; callback: () => void }[] = [];

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
      callBack();
    }
    // In the same turn of the event loop as the last check of `waiting`, so that no hint falls in between.
    running = null;
  }

  function callBack(): void {
    const [next = Infinity] = waiting.values();
    for (const each of awaited) if (each.turn < next) each.callback();
    awaited = awaited.filter((each) => each.turn >= next);
  }

  return {
    add(ids: Iterable<string>): void {
      for (const id of ids) if (!waiting.has(id)) waiting.set(id, (turn += 1));
      if (waiting.size > 0) running ??= readAll();
    },

    /** Calls back once everything added so far has been read. */
    onceRead(callback: () => void): void {
      if (running === null) callback();
      else awaited.push({ turn, callback });
    },

    async ended(): Promise<void> {
      await running;
    },
  };
}
