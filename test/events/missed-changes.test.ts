import { expect, test } from 'vitest';
import type { ChangePlace } from '../../src/domain/task/change-place.ts';
import { createMissedChanges } from '../../src/events/missed-changes.ts';
import { findPlace } from '../../src/store/change-place.ts';
import type { Database } from '../../src/store/database.ts';
import { findChangesAfter } from '../../src/store/find-changes.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { holdTask, newTask, openStore } from '../store/open-store.ts';

/** Looks by pages of two; `betweenPages` happens once, after the first page. */
async function startLooking(database: Database, betweenPages: () => unknown = () => {}) {
  const heard: string[] = [];
  let pages = 0;
  const missed = createMissedChanges({
    beginning: await findPlace(database),
    findPlace: () => findPlace(database),
    async findChangesAfter(place: ChangePlace, from) {
      const page = await findChangesAfter(database, place, { from: from ?? null, limit: 2 });
      pages += 1;
      if (pages === 1) await betweenPages();
      return page;
    },
    isHeard: () => true,
    hear: (hints) => heard.push(...hints.map(({ id }) => id)),
    onReached: () => {},
    onLost: () => {},
  });
  return { look: missed.look, heard };
}

test('a look hears all that was committed since the last one, on however many pages', async () => {
  await using store = await openStore();
  const { look, heard } = await startLooking(store.database);
  const ids: string[] = [];
  for (let task = 0; task < 7; task += 1) ids.push(await holdTask(store.database));
  await look();
  expect(heard).toEqual(ids);
});

test('what is committed while a look reads its pages is heard by the next one', async () => {
  await using store = await openStore();
  const { database } = store;
  const commit = Promise.withResolvers<void>();
  const inserted = Promise.withResolvers<void>();
  const late = newTask();
  let committed: Promise<void> = Promise.resolve();
  const { look, heard } = await startLooking(database, async () => {
    commit.resolve();
    await committed;
  });
  // Its transaction has the lowest number: it would be on the page that is read by then.
  committed = database.transaction().execute(async (open) => {
    await insertTask(open, late);
    inserted.resolve();
    await commit.promise;
  });
  await inserted.promise;
  for (let task = 0; task < 3; task += 1) await holdTask(database);
  await look();
  expect(heard).not.toContain(late.id);
  await look();
  expect(heard).toContain(late.id);
});
