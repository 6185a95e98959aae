import { z } from 'zod';
import { v7 as createId } from 'uuid';
import type { Clock } from '../kit/clock.ts';
import type { FilesExpiry } from '../domain/task/task.ts';
import { repeat } from '../kit/repeat.ts';
import { findForgottenToArchive, queueOverlooked } from '../store/archiving.ts';
import type { JobHandler } from '../store/job.ts';
import type { Jobs } from '../store/jobs.ts';
import { archiveTask, type ArchiveTaskDependencies } from './archive-task.ts';

export type ArchivingDependencies = Pick<ArchiveTaskDependencies, 'database' | 'resultLifeMs' | 'logger'> & {
  account: string;
  jobs: Pick<Jobs, 'add'>;
  clock: Clock;
};

type ToKeep = { id: string; filesExpiry: FilesExpiry };

/** Sees to it that the files of each task that is DONE are fetched. */
export type Archiving = AsyncDisposable & {
  /** From now on it looks by itself. */
  start(): void;
  /** A task was recorded as waiting for the archive. Only a hint: it is found without it, half a minute later. */
  keepFiles(task: ToKeep): void;
  /** One look for tasks that wait though no job was added for them, because a process died in between. */
  runOnce(): Promise<void>;
  /** One look for tasks that ended while nobody archived. */
  queueOverlooked(): Promise<void>;
};

export const archiveJob = 'archive';
const payloadOf = z.object({ taskId: z.uuid() });
const keyPrefix = `${archiveJob}:`;

/** Seven pauses of at most 18 minutes, half an hour in all: then the next look begins anew, until the file expires. */
const jobAttempts = 8;
const pageSize = 500;
const lookEveryMs = 30_000;
/** Replicas of an older configuration may be about while a new one is rolled out. */
const overlookedEveryMs = 3_600_000;
/** More than a task can take: 72 hours of off-peak video, a day of late results. */
const longestTaskMs = 5 * 24 * 3_600_000;

export function archiveHandler(dependencies: ArchiveTaskDependencies): JobHandler {
  return async (payload, { signal }) => await archiveTask(dependencies, payloadOf.parse(payload).taskId, signal);
}

export function createArchiving(dependencies: ArchivingDependencies): Archiving {
  const { database, account, jobs, resultLifeMs, clock, logger } = dependencies;
  const stopping = new AbortController();

  async function add({ id, filesExpiry }: ToKeep): Promise<void> {
    const expiresAt = filesExpiry.kind === 'at' ? filesExpiry.at.getTime() : clock.now();
    const key = `${keyPrefix}${id}`;
    await jobs.add(archiveJob, { taskId: id }, { key, ...orderOf(expiresAt), maxAttempts: jobAttempts });
  }

  async function runOnce(): Promise<void> {
    for (;;) {
      const forgotten = await findForgottenToArchive(database, account, { jobKeyPrefix: keyPrefix, limit: pageSize });
      for (const task of forgotten) await add(task);
      if (forgotten.length < pageSize || stopping.signal.aborted) return;
    }
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
    await runOnce();
  }

  let running: Promise<unknown> = Promise.resolve();

  return {
    start() {
      const failure = 'What is to be archived could not be read.';
      const common = { failure, clock, logger, signal: stopping.signal };
      running = Promise.all([
        repeat(runOnce, { ...common, everyMs: lookEveryMs }),
        repeat(queueOverlookedOnce, { ...common, everyMs: overlookedEveryMs }),
      ]);
    },
    keepFiles(task) {
      add(task).catch((error: unknown) =>
        logger.warn({ taskId: task.id, error: String(error) }, 'A result waits for the next look of the archive.'),
      );
    },
    runOnce,
    queueOverlooked: queueOverlookedOnce,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

/**
 * The nearest expiry goes first. A job's priority has 16 bits: hours, which last for seven years and then begin anew;
 * within an hour, and among those that never ran, it is the moment itself, as a time in the past.
 */
function orderOf(expiresAtMs: number): { priority: number; runAt: Date } {
  const hour = Math.floor(expiresAtMs / 3_600_000);
  return { priority: (hour % 65_536) - 32_768, runAt: new Date(expiresAtMs - 48 * 3_600_000) };
}
