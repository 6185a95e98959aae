import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { archiveHandler, archiveJob, createArchiving } from '../../src/archive/archiving.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { countToArchive } from '../../src/store/archiving.ts';
import { openJobs, type Jobs } from '../../src/store/jobs.ts';
import { account } from '../store/open-store.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { openArchiving, type TestArchiving } from './open-archiving.ts';

const hourMs = 3_600_000;

function openJobsOf({ store, dependencies }: TestArchiving, handlers = true): Jobs {
  const run = archiveHandler(dependencies);
  return openJobs({
    database: store.database,
    connection: store.connection,
    handlers: handlers ? { [archiveJob]: { run, concurrency: 1 } } : {},
    logger: silentLogger,
  });
}

const inHours = (hours: number) => ({ kind: 'at', at: new Date(Date.now() + hours * hourMs) }) as const;

test('the nearest expiry goes first, whichever was added first', async () => {
  await using archiving = await openArchiving();
  await using all = new AsyncDisposableStack();
  const jobs = all.use(openJobsOf(archiving, false));
  const { keepFiles } = all.use(createArchiving({ ...archiving.dependencies, account, jobs }));
  const paths: string[] = [];
  for (const hours of [11, 2.1, 0.1, 30, 2.2, 0.2]) {
    const path = `/${hours}.png`;
    const filesExpiry = inHours(hours);
    keepFiles({ id: await archiving.doneTask([archiving.host.servePicture(path)], filesExpiry), filesExpiry });
    paths.push(path);
  }
  const countJobs = async () => {
    const { rows } = await sql<{ count: number }>`select count(*)::integer as count from graphile_worker.jobs`.execute(
      archiving.store.database,
    );
    return rows[0]?.count;
  };
  await expect.poll(countJobs).toBe(paths.length);
  all.use(openJobsOf(archiving));
  await expect.poll(() => archiving.host.requests.length, { timeout: 5_000 }).toBe(paths.length);
  expect(archiving.host.requests).toEqual(['/0.1.png', '/0.2.png', '/2.1.png', '/2.2.png', '/11.png', '/30.png']);
});

test('a task that nobody added a job for, because a process died, is found; one that has a job gets no other', async () => {
  await using archiving = await openArchiving();
  await using all = new AsyncDisposableStack();
  const added: string[] = [];
  const jobs = all.use(openJobsOf(archiving, false));
  const spied: Pick<Jobs, 'add'> = {
    add: async (name, payload, spec) => {
      added.push(spec.key);
      await jobs.add(name, payload, spec);
    },
  };
  const { runOnce } = all.use(createArchiving({ ...archiving.dependencies, account, jobs: spied }));
  const id = await archiving.doneTask([archiving.host.servePicture('/one.png')]);
  await runOnce();
  await runOnce();
  expect(added).toEqual([`archive:${id}`]);
  // Its attempts are used up: the store was away for long.
  await sql`update graphile_worker._private_jobs set attempts = max_attempts`.execute(archiving.store.database);
  await runOnce();
  expect(added).toHaveLength(2);
  all.use(openJobsOf(archiving));
  await expect.poll(() => archiving.stateOf(id), { timeout: 5_000 }).toBe('kept');
  await runOnce();
  expect(added).toHaveLength(2);
});

test('what ended without an archive is queued while its files live, and nothing else', async () => {
  await using archiving = await openArchiving();
  await using all = new AsyncDisposableStack();
  const { database } = archiving.store;
  const clock = createManualClock(Date.now());
  const jobs = all.use(openJobsOf(archiving, false));
  const { queueOverlooked } = all.use(createArchiving({ ...archiving.dependencies, account, jobs, clock }));
  const url = archiving.host.servePicture('/one.png');
  const tasks = {
    living: await archiving.doneTask([url]),
    unknown: await archiving.doneTask([url], { kind: 'unknown' }),
    own: await archiving.doneTask([url], { kind: 'never' }),
    dead: await archiving.doneTask([url], inHours(-1)),
    removed: await archiving.doneTask([url]),
    foreign: await archiving.doneTask([url]),
    empty: await archiving.doneTask([]),
  };
  await sql`update task set archive_state = null`.execute(database);
  await sql`update task set archive_state = 'removed' where id = ${tasks.removed}`.execute(database);
  await sql`update task set account = 'another' where id = ${tasks.foreign}`.execute(database);
  await queueOverlooked();
  const states = await Promise.all(Object.values(tasks).map((id) => archiving.stateOf(id)));
  expect(states).toEqual(['pending', 'pending', null, null, 'removed', null, null]);
});

test('what is still to be fetched is counted by the time that is left', async () => {
  await using archiving = await openArchiving();
  const url = archiving.host.servePicture('/one.png');
  for (const hours of [-0.5, 0.5, 2, 5, 11]) await archiving.doneTask([url], inHours(hours));
  await archiving.doneTask([url, url], { kind: 'unknown' });
  const kept = await archiving.doneTask([url]);
  await archiving.run(kept);
  const counts = await countToArchive(archiving.store.database, account, new Date());
  expect(Object.fromEntries(counts.map(({ left, count }) => [left, count]))).toEqual({
    '1h': 2,
    '3h': 1,
    '6h': 1,
    '12h': 1,
    unknown: 2,
  });
});
