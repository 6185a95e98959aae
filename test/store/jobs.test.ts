import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import type { Database } from '../../src/store/database.ts';
import type { JobContext, JobHandler } from '../../src/store/job.ts';
import { openJobs, type Jobs } from '../../src/store/jobs.ts';
import { openStore, type TestStore } from './open-store.ts';

const quick = { beatMs: 100, deadAfterMs: 1_000 };

function open({ database, connection }: TestStore, run: JobHandler, changes: object = {}): Jobs {
  const handlers = { greet: { run, concurrency: 1 } };
  return openJobs({ database, connection, handlers, logger: silentLogger, lockTimes: quick, ...changes });
}

async function jobsIn(database: Database): Promise<{ key: string; attempts: number; locked: boolean }[]> {
  const { rows } = await sql<{ key: string; attempts: number; locked: boolean }>`
    select key, attempts, locked_at is not null as locked from graphile_worker.jobs order by id`.execute(database);
  return rows;
}

const once = { key: 'ada', maxAttempts: 5 };

test('a job is run with what was given to it, and is gone then', async () => {
  await using store = await openStore();
  const seen: [unknown, number][] = [];
  await using jobs = open(store, async (payload, { attempt }) => void seen.push([payload, attempt]));
  await jobs.add('greet', { name: 'Ada' }, once);
  await expect.poll(() => seen).toEqual([[{ name: 'Ada' }, 1]]);
  await expect.poll(() => jobsIn(store.database)).toEqual([]);
});

test('a job that failed is run again', async () => {
  await using store = await openStore();
  const attempts: number[] = [];
  await using jobs = open(store, async (_payload, { attempt }) => {
    attempts.push(attempt);
    if (attempt === 1) throw new Error('not yet');
  });
  await jobs.add('greet', {}, once);
  await expect.poll(() => attempts, { timeout: 8_000, interval: 50 }).toEqual([1, 2]);
});

test('of one key there is one job, also while it runs', async () => {
  await using store = await openStore();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const run = vi.fn<JobHandler>(() => over);
  await using jobs = open(store, run);
  await jobs.add('greet', {}, once);
  await expect.poll(() => run.mock.calls.length).toBe(1);
  await jobs.add('greet', {}, once);
  await jobs.add('greet', {}, { ...once, key: 'grace' });
  expect((await jobsIn(store.database)).map(({ key }) => key)).toEqual(['ada', 'grace']);
  end();
  await expect.poll(() => jobsIn(store.database)).toEqual([]);
  expect(run).toHaveBeenCalledTimes(2);
});

test('a job that has used up its attempts is run again when it is added again, and not before', async () => {
  await using store = await openStore();
  let runs = 0;
  await using jobs = open(store, async () => {
    runs += 1;
    if (runs === 1) throw new Error('no');
  });
  await jobs.add('greet', {}, { ...once, maxAttempts: 1 });
  await expect.poll(() => jobsIn(store.database)).toEqual([{ key: 'ada', attempts: 1, locked: false }]);
  await jobs.add('greet', {}, { ...once, maxAttempts: 1 });
  await expect.poll(() => runs, { timeout: 8_000 }).toBe(2);
});

test('what has the smaller priority goes first, and of those what was due earlier', async () => {
  await using store = await openStore();
  const seen: unknown[] = [];
  await using filling = open(store, async () => {}, { handlers: {} });
  const at = Date.now();
  for (const [name, priority, ago] of [
    ['third', 2, 9_000],
    ['second', 1, 1_000],
    ['first', 1, 2_000],
  ] as const) {
    await filling.add('greet', { name }, { key: name, priority, runAt: new Date(at - ago), maxAttempts: 1 });
  }
  await using all = new AsyncDisposableStack();
  all.use(open(store, async (payload) => void seen.push(payload)));
  await expect.poll(() => seen).toEqual(['first', 'second', 'third'].map((name) => ({ name })));
});

test('replicas that start together on an empty database all run jobs', async () => {
  await using store = await openStore();
  await sql`drop schema if exists graphile_worker cascade`.execute(store.database);
  const ran = [0, 0, 0, 0];
  await using all = new AsyncDisposableStack();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  all.defer(end);
  const replicas = ran.map((_, at) =>
    all.use(
      open(store, async () => {
        ran[at] = 1;
        await over;
      }),
    ),
  );
  await Promise.all(replicas.map((jobs, at) => jobs.add('greet', {}, { ...once, key: `${at}` })));
  await expect.poll(() => ran, { timeout: 10_000 }).toEqual([1, 1, 1, 1]);
  end();
});

test('stopping lets a job end; what does not end is told so, and left to others', async () => {
  await using store = await openStore();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const polite = open(store, () => over);
  await polite.add('greet', {}, once);
  await expect.poll(async () => (await jobsIn(store.database))[0]?.locked).toBe(true);
  const stopped = polite.stop();
  end();
  await stopped;
  expect(await jobsIn(store.database)).toEqual([]);

  const signals: AbortSignal[] = [];
  const deaf = open(
    store,
    async (_payload, { signal }) => {
      signals.push(signal);
      await new Promise(() => {});
    },
    { graceMs: 20 },
  );
  await deaf.add('greet', {}, once);
  await expect.poll(() => signals.length).toBe(1);
  await deaf.stop();
  expect(signals[0]?.aborted).toBe(true);
  expect(await jobsIn(store.database)).toEqual([{ key: 'ada', attempts: 1, locked: false }]);
});

/** As if its process had been killed: a lock, and nobody who says that its holder lives. */
async function lockAsGone(database: Database): Promise<void> {
  await sql`update graphile_worker._private_jobs
    set locked_by = 'gone', locked_at = now() - interval '1 minute', attempts = 1`.execute(database);
}

test('a job of a worker that is gone is run by another, and that of one which lives is left alone', async () => {
  await using store = await openStore();
  const attempts: number[] = [];
  await using filling = open(store, async () => {}, { handlers: {} });
  await filling.add('greet', {}, once);
  await lockAsGone(store.database);
  const living = sql`insert into job_worker values ('gone', now() + interval '1 minute')`;
  await living.execute(store.database);
  const startedAt = performance.now();
  await using all = new AsyncDisposableStack();
  all.use(open(store, async (_payload, { attempt }) => void attempts.push(attempt)));
  // Time enough to call somebody dead, twice.
  await expect.poll(() => performance.now() - startedAt > 2 * quick.deadAfterMs, { timeout: 5_000 }).toBe(true);
  expect(attempts).toEqual([]);
  await sql`delete from job_worker where id = 'gone'`.execute(store.database);
  await expect.poll(() => attempts, { timeout: 8_000 }).toEqual([2]);
});

test('a process that was not heard for too long ends what it does: others may do it now', async () => {
  await using store = await openStore();
  const contexts: JobContext[] = [];
  let jump = 0;
  const clock = {
    now: () => Date.now(),
    monotonic: () => performance.now() + jump,
    sleep: async (ms: number) => await new Promise<void>((resolve) => void setTimeout(resolve, ms)),
  };
  await using jobs = open(
    store,
    async (_payload, context) => {
      contexts.push(context);
      await new Promise((_resolve, reject) => context.signal.addEventListener('abort', reject, { once: true }));
    },
    { clock },
  );
  await jobs.add('greet', {}, once);
  await expect.poll(() => contexts.length).toBe(1);
  jump = quick.deadAfterMs / 2;
  await expect.poll(async () => (await jobsIn(store.database))[0]?.locked).toBe(true);
  expect(contexts[0]?.signal.aborted).toBe(false);
  jump += quick.deadAfterMs;
  await expect.poll(() => contexts[0]?.signal.aborted).toBe(true);
});

test('jobs go on after the connections broke', async () => {
  await using store = await openStore();
  const seen: unknown[] = [];
  await using jobs = open(store, async (payload) => {
    seen.push(payload);
    // While the end of this one is recorded, nobody is there.
    if (seen.length === 1) {
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(store.database);
    }
  });
  await jobs.add('greet', { at: 1 }, once);
  await expect.poll(() => seen.length).toBe(1);
  await expect
    .poll(
      () =>
        jobs.add('greet', { at: 2 }, { ...once, key: 'grace' }).then(
          () => true,
          () => false,
        ),
      { timeout: 5_000 },
    )
    .toBe(true);
  await expect.poll(() => seen, { timeout: 10_000 }).toContainEqual({ at: 2 });
});
