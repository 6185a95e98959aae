import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createArchiving, type Archiving, type ArchivingDependencies } from '../../src/archive/archiving.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { claimArchiveWork, postponeArchiveWork } from '../../src/store/archive-work.ts';
import { countToArchive, recordArchiveEnd } from '../../src/store/archiving.ts';
import { keepWorkLeases } from '../../src/store/work-leases.ts';
import { account } from '../store/open-store.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';
import { openArchiving, type TestArchiving } from './open-archiving.ts';
import { pictureOf, sendPicture } from './result-host.ts';

const hourMs = 3_600_000;

/** The archive of one process. */
function open({ dependencies }: TestArchiving, changes: Partial<ArchivingDependencies> = {}): Archiving {
  const leases = keepWorkLeases(dependencies.database, { clock: systemClock, logger: silentLogger });
  const archiving = createArchiving({ ...dependencies, account, leases, ...changes });
  return {
    ...archiving,
    async [Symbol.asyncDispose]() {
      await archiving[Symbol.asyncDispose]();
      await leases[Symbol.asyncDispose]();
    },
  };
}

async function readWork({ store }: TestArchiving, id: string) {
  const rows = store.database.selectFrom('archive_work').select(['attempt', 'due_at', 'is_leased']);
  return (await rows.where('task_id', '=', id).executeTakeFirst()) ?? null;
}

const inHours = (hours: number) => ({ kind: 'at', at: new Date(Date.now() + hours * hourMs) }) as const;

test('the nearest expiry goes first, whichever was added first', async () => {
  await using archiving = await openArchiving();
  const paths: string[] = [];
  for (const hours of [11, 2.1, 0.1, 30, 2.2, 0.2]) {
    const path = `/${hours}.png`;
    await archiving.doneTask([archiving.host.servePicture(path)], inHours(hours));
    paths.push(path);
  }
  await using replica = open(archiving, { atOnce: 1 });
  replica.start();
  await expect.poll(() => archiving.host.requests.length, { timeout: 5_000 }).toBe(paths.length);
  expect(archiving.host.requests).toEqual(['/0.1.png', '/0.2.png', '/2.1.png', '/2.2.png', '/11.png', '/30.png']);
});

test('a task that a process left, because it died, is found; one that is hinted at is fetched at once', async () => {
  await using archiving = await openArchiving();
  const left = await archiving.doneTask([archiving.host.servePicture('/left.png')]);
  await using replica = open(archiving);
  replica.start();
  await expect.poll(() => archiving.stateOf(left), { timeout: 5_000 }).toBe('kept');
  const hinted = await archiving.doneTask([archiving.host.servePicture('/hinted.png')]);
  const hintedAt = performance.now();
  replica.keepFiles();
  await expect.poll(() => archiving.stateOf(hinted), { timeout: 5_000, interval: 5 }).toBe('kept');
  expect(performance.now() - hintedAt).toBeLessThan(5_000);
  expect(await readWork(archiving, hinted), 'what is over leaves nothing behind').toBeNull();
});

test('what failed is tried again after a pause that doubles, for as long as its file lives', async () => {
  await using archiving = await openArchiving();
  const url = archiving.host.serve('/one.png', (response) => response.writeHead(503).end());
  const id = await archiving.doneTask([url]);
  await using replica = open(archiving);
  replica.start();
  const pauses: number[] = [];
  for (let tries = 1; tries <= 12; tries += 1) {
    await until(() => archiving.outcomes.length === tries);
    await until(async () => (await readWork(archiving, id))?.is_leased === false);
    const row = await readWork(archiving, id);
    pauses.push(Math.round((Number(row?.due_at) - Date.now()) / 500) / 2);
    if (tries === 12) archiving.host.servePicture('/one.png');
    await sql`update archive_work set due_at = now()`.execute(archiving.store.database);
    replica.keepFiles();
  }
  expect(pauses.slice(0, 5)).toEqual([2.5, 5, 10, 20, 40]);
  expect(pauses.at(-1)).toBe(600);
  await until(async () => (await archiving.stateOf(id)) === 'kept');
});

test('of many processes one fetches a file', async () => {
  await using archiving = await openArchiving();
  const paths = Array.from({ length: 12 }, (_, number) => `/${number}.png`);
  for (const path of paths) await archiving.doneTask([archiving.host.servePicture(path)]);
  await using all = new AsyncDisposableStack();
  for (let number = 0; number < 3; number += 1) all.use(open(archiving)).start();
  await until(() => archiving.outcomes.length === paths.length);
  expect(archiving.host.requests.toSorted()).toEqual(paths.toSorted());
});

test('the end of a try changes nothing once a later one has begun', async () => {
  await using archiving = await openArchiving();
  const { database } = archiving.store;
  const id = await archiving.doneTask([archiving.host.servePicture('/one.png')]);
  const first = await claimArchiveWork(database, account);
  expect(await claimArchiveWork(database, account), 'its lease lasts').toBeNull();
  await sql`update archive_work set due_at = now()`.execute(database);
  const second = await claimArchiveWork(database, account);
  expect([first?.attempt, second?.attempt]).toEqual([1, 2]);
  if (first === null || second === null) throw new Error('Nothing was claimed.');
  const begun = await readWork(archiving, id);
  await recordArchiveEnd(database, first, 'given-up');
  await postponeArchiveWork(database, first, hourMs);
  expect([await archiving.stateOf(id), await readWork(archiving, id)]).toEqual(['pending', begun]);

  // The control: the second one's counts.
  await recordArchiveEnd(database, second, 'kept');
  expect([await archiving.stateOf(id), await readWork(archiving, id)]).toEqual(['kept', null]);
});

test('stopping lets a fetch end; what does not end is cut off, and handed on at once', async () => {
  await using archiving = await openArchiving();
  const { promise: asked, resolve: tellAsked } = Promise.withResolvers<() => void>();
  const slow = archiving.host.serve('/slow.png', (response) =>
    tellAsked(() => sendPicture(response, pictureOf('slow'))),
  );
  const id = await archiving.doneTask([slow]);
  const polite = open(archiving);
  polite.start();
  const answer = await asked;
  const stopped = polite[Symbol.asyncDispose]();
  answer();
  await stopped;
  expect(await archiving.stateOf(id)).toBe('kept');

  const silent = archiving.host.serve('/silent.png', () => {});
  const other = await archiving.doneTask([silent]);
  const cutOff = open(archiving, { graceMs: 20 });
  cutOff.start();
  await until(() => archiving.host.requests.includes('/silent.png'));
  await cutOff[Symbol.asyncDispose]();
  expect(await archiving.stateOf(other)).toBe('pending');
  expect(await readWork(archiving, other)).toMatchObject({ is_leased: false });
  expect(Number((await readWork(archiving, other))?.due_at)).toBeLessThanOrEqual(Date.now());
});

test('whichever statement says that a task waits for the archive, its row is there', async () => {
  await using archiving = await openArchiving();
  const { database } = archiving.store;
  const id = await archiving.doneTask([archiving.host.servePicture('/one.png')], { kind: 'never' });
  expect(await readWork(archiving, id)).toBeNull();
  // As an earlier release says it.
  await sql`update task set archive_state = 'pending' where id = ${id}`.execute(database);
  expect(await readWork(archiving, id)).toMatchObject({ attempt: 0, is_leased: false });
});

test('what ended without an archive is queued while its files live, and nothing else', async () => {
  await using archiving = await openArchiving();
  const { database } = archiving.store;
  await using replica = open(archiving, { clock: createManualClock(Date.now()) });
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
  await replica.queueOverlooked();
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
