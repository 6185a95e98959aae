import { existsSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { startRetention } from '../../src/archive/retention.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { addWebhook, openArchiving, type TestArchiving } from './open-archiving.ts';

const hourMs = 3_600_000;
/** Of the ones that last longest, which are lent to the upstream. */
const urlLifeMs = 73 * hourMs;
const keepMs = 30 * 24 * hourMs;

async function keep(archiving: TestArchiving, files: number): Promise<{ id: string; keys: string[] }> {
  const urls = Array.from({ length: files }, (_, index) => archiving.host.servePicture(`/${index}.png`));
  const id = await archiving.doneTask(urls);
  await archiving.run(id);
  const task = await archiving.getTask(id);
  return { id, keys: task.files.flatMap(({ archived }) => archived?.key ?? []) };
}

/** As far as the database is concerned. */
async function letPass({ store: { database } }: TestArchiving, ms: number): Promise<void> {
  const span = sql`${ms} * interval '1 millisecond'`;
  await sql`update task set archived_at = archived_at - ${span}, updated_at = updated_at - ${span}`.execute(database);
}

function open(archiving: TestArchiving, limitMs: number | null = keepMs) {
  const { database, announcer } = archiving.dependencies;
  const clock = createManualClock(Date.now() + 60_000);
  return startRetention({
    database,
    announcer,
    store: archiving.archive,
    keepMs: limitMs,
    clock,
    logger: silentLogger,
  });
}

test('nobody is told of an old file any more; it is deleted once the last URL has expired, and the history stays', async () => {
  await using archiving = await openArchiving();
  await using retention = open(archiving);
  const { id, keys } = await keep(archiving, 2);
  const before = await archiving.getTask(id);
  await letPass(archiving, keepMs - 2 * 60_000);
  await retention.runOnce();
  expect(await archiving.getTask(id)).toMatchObject({ revision: before.revision, files: before.files });

  await letPass(archiving, 2 * 60_000);
  await retention.runOnce();
  const after = await archiving.getTask(id);
  expect(after.files.map((file) => 'archived' in file)).toEqual([false, false]);
  expect(after.revision).toBe(before.revision + 1);
  expect(archiving.changes.at(-1)).toMatchObject({ id, owner: before.owner, revision: after.revision });
  // A URL that was handed out just before still works.
  for (const key of keys) expect(await archiving.read(key)).not.toBeNull();
  await letPass(archiving, urlLifeMs - hourMs);
  await retention.runOnce();
  for (const key of keys) expect(await archiving.read(key)).not.toBeNull();

  await letPass(archiving, hourMs);
  await retention.runOnce();
  for (const key of keys) expect(await archiving.read(key)).toBeNull();
  const { rows } = await sql<{ files: string }>`select files::text from task`.execute(archiving.store.database);
  expect(rows[0]?.files).not.toContain('archived');
  expect(await archiving.getTask(id)).toMatchObject({ status: 'DONE', revision: after.revision, files: after.files });
});

test('what could not be deleted is tried again', async () => {
  await using archiving = await openArchiving();
  await using retention = open(archiving);
  const { id, keys } = await keep(archiving, 1);
  await letPass(archiving, keepMs);
  await retention.runOnce();
  await letPass(archiving, urlLifeMs);
  const { remove } = archiving.archive;
  archiving.archive.remove = () => Promise.reject(new Error('The store is away.'));
  await retention.runOnce();
  expect(await archiving.read(keys[0] ?? '')).not.toBeNull();
  archiving.archive.remove = remove;
  await retention.runOnce();
  expect(await archiving.read(keys[0] ?? '')).toBeNull();
  expect(await archiving.stateOf(id)).toBe('removed');
});

/** So many more tasks like the one that there is. */
async function multiply({ store: { database } }: TestArchiving, times: number): Promise<void> {
  await sql`insert into task (id, owner, account, kind, mode, state, status, created_at, files, archive_state, archived_at)
    select gen_random_uuid(), owner, account, kind, mode, state, status, created_at, files, archive_state, archived_at
    from task, generate_series(1, ${times}::integer)`.execute(database);
}

test('what can not be removed keeps nothing else from being removed', async () => {
  await using archiving = await openArchiving();
  await using retention = open(archiving);
  const kept = [await keep(archiving, 1), await keep(archiving, 1), await keep(archiving, 1)];
  const keys = kept.flatMap((task) => task.keys);
  await letPass(archiving, keepMs);
  await retention.runOnce();
  await letPass(archiving, urlLifeMs);
  const { remove } = archiving.archive;
  archiving.archive.remove = async (key) => {
    if (key === keys[0]) throw new Error('It is locked.');
    await remove(key);
  };
  await retention.runOnce();
  const left = await Promise.all(keys.map((key) => archiving.read(key)));
  expect(left.map((content) => content !== null)).toEqual([true, false, false]);
});

test('of a store that is away each look tries a batch, and another one', async () => {
  await using archiving = await openArchiving();
  await using retention = open(archiving);
  await keep(archiving, 1);
  await multiply(archiving, 249);
  await letPass(archiving, keepMs);
  await retention.runOnce();
  await letPass(archiving, urlLifeMs);
  let tried = 0;
  archiving.archive.remove = async () => {
    tried += 1;
    throw new Error('The store is away.');
  };
  const triedAfter: number[] = [];
  for (let look = 1; look <= 4; look += 1) {
    await retention.runOnce();
    triedAfter.push(tried);
  }
  expect(triedAfter).toEqual([100, 200, 250, 350]);

  archiving.archive.remove = async () => {};
  await retention.runOnce();
  await retention.runOnce();
  const { rows } = await sql`select id from task where files::text like '%archived%'`.execute(archiving.store.database);
  expect(rows).toEqual([]);
});

test('a webhook hears at once of what is let go', async () => {
  await using archiving = await openArchiving();
  await using retention = open(archiving);
  const [told] = [await keep(archiving, 1), await keep(archiving, 1)];
  await addWebhook(archiving.store.database, told.id);
  await letPass(archiving, keepMs);
  await retention.runOnce();
  expect(archiving.due).toEqual([told.id]);
});

test('what a crash left is swept up while the process runs, without a limit, too', async () => {
  await using archiving = await openArchiving();
  const { id, keys } = await keep(archiving, 1);
  const part = join(dirname(archiving.archive.pathOf(keys[0] ?? '') ?? ''), '../../.incoming/part');
  await using retention = open(archiving, null);
  await writeFile(part, 'half a fi');
  await retention.runOnce();
  expect(existsSync(part)).toBe(true);
  const at = new Date(Date.now() - 2 * hourMs);
  await utimes(part, at, at);
  await retention.runOnce();
  expect(existsSync(part)).toBe(false);
  expect(await archiving.stateOf(id)).toBe('kept');
});

test('without a limit nothing is let go', async () => {
  await using archiving = await openArchiving();
  await using retention = open(archiving, null);
  const { id } = await keep(archiving, 1);
  await letPass(archiving, 10 * keepMs);
  await retention.runOnce();
  expect(await archiving.stateOf(id)).toBe('kept');
});

test('more tasks than one batch are let go in one look', async () => {
  await using archiving = await openArchiving();
  await using retention = open(archiving);
  const { id } = await keep(archiving, 1);
  await multiply(archiving, 250);
  await letPass(archiving, keepMs);
  await retention.runOnce();
  const { rows } = await sql<{ state: string; count: number }>`
    select archive_state as state, count(*)::integer as count from task group by 1`.execute(archiving.store.database);
  expect(rows).toEqual([{ state: 'removed', count: 251 }]);
  expect(await archiving.stateOf(id)).toBe('removed');
});
