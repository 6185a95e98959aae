import { sql } from 'kysely';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { repeat } from '../kit/repeat.ts';
import type { Database } from './database.ts';

export type LockTimes = { beatMs: number; deadAfterMs: number };

/** The library alone would wait four hours. A pause of the database's connection must not look like a death. */
export const usualLockTimes: LockTimes = { beatMs: 2_500, deadAfterMs: 20_000 };

/** Says that workers of this process live, and frees the jobs of workers that don't. */
export type LockKeeper = {
  hold(worker: string): void;
  letGo(worker: string): void;
  /** Aborts when this process was silent for so long that its jobs may have been given to others. */
  lost(): AbortSignal;
  start(): void;
  stop(): Promise<void>;
};

export function keepLocks(
  database: Database,
  { beatMs, deadAfterMs }: LockTimes,
  { clock, logger }: { clock: Clock; logger: Logger },
): LockKeeper {
  const held = new Set<string>();
  const stopping = new AbortController();
  let lost = new AbortController();
  let lastBeatAt = clock.monotonic();
  /** Since when no beat was missed. Who was away itself gives the others time to be heard before calling them dead. */
  let steadySince = lastBeatAt;
  let running: Promise<void> = Promise.resolve();

  async function beat(): Promise<void> {
    await recordLiving(database, [...held]);
    const now = clock.monotonic();
    if (now - lastBeatAt >= deadAfterMs) {
      lost.abort(new Error('The job may have been given to another worker.'));
      lost = new AbortController();
    }
    if (now - lastBeatAt >= deadAfterMs / 2) steadySince = now;
    lastBeatAt = now;
    if (now - steadySince < deadAfterMs) return;
    const freed = await freeJobsOfTheDead(database, deadAfterMs);
    if (freed > 0) logger.info({ workers: freed }, 'Jobs of workers that are gone will be run again.');
  }

  async function run(): Promise<void> {
    const failure = 'Job workers were not heard.';
    await repeat(beat, { everyMs: beatMs, failure, clock, logger, signal: stopping.signal });
    await forget(database, [...held]).catch(() => {});
  }

  return {
    hold: (worker) => void held.add(worker),
    letGo: (worker) => void held.delete(worker),
    lost: () => lost.signal,
    start() {
      lastBeatAt = steadySince = clock.monotonic();
      running = run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function recordLiving(database: Database, workers: readonly string[]): Promise<void> {
  await sql`insert into job_worker (id, seen_at)
    select worker, clock_timestamp() from unnest(${workers}::text[]) as living (worker)
    on conflict (id) do update set seen_at = excluded.seen_at`.execute(database);
}

async function forget(database: Database, workers: readonly string[]): Promise<void> {
  await sql`delete from job_worker where id = any(${workers}::text[])`.execute(database);
}

/** Answers of how many workers. A lock is only ever as old as its worker's last sign of life. */
async function freeJobsOfTheDead(database: Database, deadAfterMs: number): Promise<number> {
  const { rows } = await sql<{ workers: string[] }>`with dead as (
      select distinct locked_by from graphile_worker.jobs
      where locked_at < clock_timestamp() - ${deadAfterMs} * interval '1 millisecond'
      except select id from job_worker where seen_at >= clock_timestamp() - ${deadAfterMs} * interval '1 millisecond'
    ), long_gone as (
      delete from job_worker where seen_at < clock_timestamp() - interval '1 hour'
    )
    select array_agg(locked_by) as workers from dead having count(*) > 0`.execute(database);
  const [dead] = rows;
  if (!dead) return 0;
  await sql`select graphile_worker.force_unlock_workers(${dead.workers}::text[])`.execute(database);
  return dead.workers.length;
}
