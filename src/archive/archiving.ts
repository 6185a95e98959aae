import { v7 as createId } from 'uuid';
import type { Clock } from '../kit/clock.ts';
import { repeat } from '../kit/repeat.ts';
import { createRunningWork } from '../kit/running-work.ts';
import { createTimeLimit } from '../kit/time-limit.ts';
import { createWakeUp } from '../kit/wake-up.ts';
import { claimArchiveWork, findArchiveDueMs, postponeArchiveWork } from '../store/archive-work.ts';
import { queueOverlooked } from '../store/archiving.ts';
import type { Claimed, Held, WorkLeases } from '../store/work-leases.ts';
import { archiveTask, type ArchiveTaskDependencies } from './archive-task.ts';

export type ArchivingDependencies = ArchiveTaskDependencies & {
  account: string;
  leases: Pick<WorkLeases, 'take'>;
  clock: Clock;
  /** Tasks at once: they share this process's bandwidth and the spool's disk. */
  atOnce?: number;
  graceMs?: number;
};

export type Archiving = AsyncDisposable & {
  start(): void;
  /** A hint that a task waits for the archive; without it, the task is found ten seconds later. */
  keepFiles(): void;
  /** Finds tasks that ended while no process archived. */
  queueOverlooked(): Promise<void>;
};

const pageSize = 500;
const lookEveryMs = 10_000;
/** During a rollout, replicas without an archive may still end tasks. */
const overlookedEveryMs = 3_600_000;
/** 72 hours of off-peak video, a day of late results, and some more. */
const longestTaskMs = 5 * 24 * 3_600_000;
const lockedMs = 1_000;
const pauseMs = { first: 2_500, max: 10 * 60_000 };
/** A task that has not ended this long after its abort is left behind: it is due again when its lease is over. */
const abortMs = 1_000;

export function createArchiving(dependencies: ArchivingDependencies): Archiving {
  const { database, account, leases, resultLifeMs, clock, logger, atOnce = 4, graceMs = 5_000 } = dependencies;
  const stopping = new AbortController();
  const cuttingOff = new AbortController();
  const wakeUp = createWakeUp(clock);
  const running = createRunningWork();
  let working: Promise<unknown> = Promise.resolve();

  function begin(held: Held<Claimed>): void {
    void running.track(tryOnce(held)).then(wakeUp.wake);
  }

  async function tryOnce(held: Held<Claimed>): Promise<void> {
    using lease = held;
    const { work } = lease;
    try {
      await archiveTask(dependencies, work, AbortSignal.any([cuttingOff.signal, lease.signal]));
    } catch (error) {
      const ms = cuttingOff.signal.aborted ? 0 : pauseMsAfter(work);
      logger.warn(
        { taskId: work.id, attempt: work.attempt, error: String(error) },
        'A result is not yet in the archive.',
      );
      // If that fails, it is due again when its lease is over.
      await postponeArchiveWork(database, work, ms).catch(() => {});
    }
  }

  /** Begins what there is room for. Returns in how many milliseconds more is due; each end wakes this up as well. */
  async function beginDue(): Promise<number | null> {
    while (running.size < atOnce && !stopping.signal.aborted) {
      const dueMs = await findArchiveDueMs(database, account);
      if (dueMs === null || dueMs > 0) return dueMs;
      const held = await leases.take(() => claimArchiveWork(database, account));
      // Another process is about to begin it.
      if (held === null) return lockedMs;
      begin(held);
    }
    return null;
  }

  async function queueOverlookedOnce(): Promise<void> {
    const now = clock.now();
    const span = {
      createdAfterId: createId({ msecs: now - longestTaskMs }),
      endedAfter: new Date(now - resultLifeMs),
      now: new Date(now),
      limit: pageSize,
    };
    let total = 0;
    for (let queued = pageSize; queued === pageSize && !stopping.signal.aborted; total += queued) {
      queued = await queueOverlooked(database, account, span);
    }
    if (total === 0) return;
    logger.info({ tasks: total }, 'Results of tasks that ended without an archive will be kept.');
    wakeUp.wake();
  }

  async function letEnd(ms: number): Promise<void> {
    using limit = createTimeLimit(clock, ms);
    await Promise.race([running.ended(), limit.passed]);
  }

  return {
    start() {
      const failure = 'Tasks to archive could not be read.';
      const common = { failure, clock, logger, signal: stopping.signal };
      working = Promise.all([
        repeat(beginDue, { ...common, everyMs: lookEveryMs, wakeUp }),
        repeat(queueOverlookedOnce, { ...common, everyMs: overlookedEveryMs }),
      ]);
    },
    keepFiles: wakeUp.wake,
    queueOverlooked: queueOverlookedOnce,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await working;
      await letEnd(graceMs);
      cuttingOff.abort(new Error('The gateway stops.'));
      await letEnd(abortMs);
      if (running.size > 0)
        logger.warn('Results that are being archived did not end in time: they are left to others.');
    },
  };
}

function pauseMsAfter({ attempt }: Claimed): number {
  return Math.min(pauseMs.first * 2 ** (attempt - 1), pauseMs.max);
}
