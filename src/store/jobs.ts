import { once } from 'node:events';
import type { ClientConfig } from 'pg';
import { systemClock, type Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { addJob } from './add-job.ts';
import { createPool, type Database } from './database.ts';
import type { JobHandler, JobSpec } from './job.ts';
import { keepLocks, usualLockTimes, type LockTimes } from './job-locks.ts';
import { runWorkers } from './job-workers.ts';
import { prepareJobs } from './prepare-jobs.ts';

/** Durable jobs: each is run by one of the replicas, at least once, until it resolves or has used up its attempts. */
export type Jobs = AsyncDisposable & {
  add(name: string, payload: object, spec: JobSpec): Promise<void>;
  /** Resolves when the tables of jobs are there. Rejects when it was stopped before. */
  prepared: Promise<void>;
  /** Takes no more, lets what runs end, cuts it off after a grace, and leaves the rest to others. */
  stop(): Promise<void>;
};

export type JobsOptions = {
  database: Database;
  /** Of a connection that keeps its session. */
  connection: ClientConfig;
  /** What to do by name, and how many of it at once in this process. */
  handlers: Record<string, { run: JobHandler; concurrency: number }>;
  logger: Logger;
  /** Jobs are run from when this resolves on. At once without it. */
  after?: Promise<void>;
  graceMs?: number;
  lockTimes?: LockTimes;
  /** The system's, unless a test says otherwise: whose worker lives is decided by the database's time. */
  clock?: Clock;
};

const pauseMs = { first: 1_000, longest: 30_000 };
const usualGraceMs = 5_000;

/** Begins at once and keeps trying while the database is away. Nothing is added before the job tables are there. */
export function openJobs(options: JobsOptions): Jobs {
  const { database, connection, handlers, logger, graceMs = usualGraceMs, clock = systemClock } = options;
  const stopping = new AbortController();
  // One for listening, one to fetch and finish, each.
  const pool = createPool({ ...connection, max: 2 * Object.keys(handlers).length + 1 }, logger);
  const locks = keepLocks(database, options.lockTimes ?? usualLockTimes, { clock, logger });
  const { promise: prepared, resolve: tellPrepared, reject: tellStopped } = Promise.withResolvers<void>();
  prepared.catch(() => {});

  async function run(): Promise<void> {
    await Promise.race([options.after, aborted(stopping.signal)]);
    await untilStopped(() => prepareJobs(pool, logger));
    if (stopping.signal.aborted) return tellStopped(new Error('The gateway stops.'));
    tellPrepared();
    locks.start();
    const means = { pool, locks, graceMs, logger };
    const kinds = Object.entries(handlers).map(([name, handler]) => ({ name, ...handler }));
    await Promise.all(kinds.map((kind) => untilStopped(() => runWorkers(kind, means, stopping.signal), true)));
  }

  /** Repeats what fails, or, `forever`, ends. */
  async function untilStopped(turn: () => Promise<void>, forever = false): Promise<void> {
    let pause = pauseMs.first;
    while (!stopping.signal.aborted) {
      const startedAt = clock.monotonic();
      try {
        await turn();
        if (!forever) return;
      } catch (error) {
        logger.warn({ error: String(error) }, 'Jobs are not run for a moment.');
      }
      const wentWell = clock.monotonic() - startedAt > pauseMs.longest;
      await clock.sleep(wentWell ? pauseMs.first : pause, stopping.signal).catch(() => {});
      pause = wentWell ? pauseMs.first : Math.min(2 * pause, pauseMs.longest);
    }
  }

  const running = run();

  async function stopOnce(): Promise<void> {
    stopping.abort();
    await running;
    await locks.stop();
    await pool.end();
  }
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= stopOnce());

  return {
    prepared,
    async add(name, payload, spec) {
      await prepared;
      await addJob(database, name, payload, spec);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
