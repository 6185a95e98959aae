import type { WorkerPool } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Logger } from '../kit/logger.ts';
import type { JobHandler } from './job.ts';
import type { LockKeeper } from './job-locks.ts';
import { jobLoggerOf } from './job-logger.ts';
import { jobSchema } from './prepare-jobs.ts';

/** Runs jobs of one name until told to stop, or until the library gives up: it does when it can't record an end. */
export async function runWorkers(
  { name, run, concurrency }: { name: string; run: JobHandler; concurrency: number },
  { pool, locks, graceMs, logger }: { pool: Pool; locks: LockKeeper; graceMs: number; logger: Logger },
  stopping: AbortSignal,
): Promise<void> {
  const { runTaskList } = await import('graphile-worker');
  const jobLogger = await jobLoggerOf(logger);
  stopping.throwIfAborted();
  const workers = runTaskList(
    {
      schema: jobSchema,
      concurrency,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: graceMs,
      logger: jobLogger,
      // Without a delay the library doesn't wait for what it records of an end: a failure there would end the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    },
    {
      [name]: async (payload: unknown, { job, abortSignal }) => {
        const signal = AbortSignal.any([abortSignal, locks.lost()]);
        const context = { attempt: job.attempts, maxAttempts: job.max_attempts, signal };
        await run(payload, context).catch((error: unknown) => {
          logger.warn({ job: job.key ?? job.id, ...context, signal: undefined, error: String(error) }, 'A job failed.');
          throw error;
        });
      },
    },
    pool,
  );
  locks.hold(workers.id);
  const end = (): void => void endWorkers(workers, graceMs, logger);
  stopping.addEventListener('abort', end, { once: true });
  try {
    await workers.promise;
  } finally {
    stopping.removeEventListener('abort', end);
    locks.letGo(workers.id);
  }
}

/** A job that hears nothing of the signal is left behind, for another to begin anew. */
async function endWorkers(workers: WorkerPool, graceMs: number, logger: Logger): Promise<void> {
  const force = setTimeout(() => {
    logger.warn('A job did not end in time: it is left to others.');
    void Promise.resolve(workers.forcefulShutdown('The gateway stops.')).catch(() => {});
  }, graceMs + 1_000);
  await Promise.resolve(workers.gracefulShutdown()).catch(() => {});
  clearTimeout(force);
}
