import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { repeat } from '../kit/repeat.ts';

/** Since when no process schedules the account, as any replica can tell. */
export type LeaseWatch = Disposable & {
  /** For how long no process has scheduled the account; null while that can't be read. */
  unscheduledSeconds(): number | null;
  /** In words for an operator; null while one does. */
  trouble(): string | null;
};

export type LeaseWatchOptions = {
  /** For how long the lease has been free, by database time; 0 while it is held, null when it never was. */
  findVacantMs(): Promise<number | null>;
  clock: Clock;
  logger: Logger;
};

const everyMs = 5_000;
/** Every two seconds a replica tries to acquire a free lease. */
const patienceMs = 5_000;

export function watchLease({ findVacantMs, clock, logger }: LeaseWatchOptions): LeaseWatch {
  const stopping = new AbortController();
  const startedAt = clock.monotonic();
  let vacantMs: number | null = null;
  let isTold = false;

  async function check(): Promise<void> {
    vacantMs = null;
    const found = await findVacantMs();
    // What was before this process says nothing: it may be the one that schedules.
    vacantMs = Math.min(found ?? Number.POSITIVE_INFINITY, clock.monotonic() - startedAt);
    const isVacant = vacantMs > patienceMs;
    if (isVacant && !isTold)
      logger.error({ seconds: seconds(vacantMs) }, 'No process schedules: nothing is sent or polled.');
    if (!isVacant && isTold) logger.warn({}, 'A process schedules again.');
    isTold = isVacant;
  }

  const failure = 'It could not be read whether a process schedules.';
  void repeat(check, { everyMs, failure, clock, logger, signal: stopping.signal });

  return {
    unscheduledSeconds: () => (vacantMs === null ? null : seconds(vacantMs)),
    trouble() {
      if (vacantMs === null || vacantMs <= patienceMs) return null;
      return `no process has scheduled for ${seconds(vacantMs)} seconds: nothing is sent or polled`;
    },
    [Symbol.dispose]: () => stopping.abort(),
  };
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}
