import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { decodePlace, encodePlace, type ChangePlace } from '../../src/domain/task/change-place.ts';
import { systemClock, type Clock } from '../../src/kit/clock.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createTaskFeed } from '../../src/events/task-feed.ts';
import { findPlace } from '../../src/store/change-place.ts';
import { recognizeDatabase } from '../../src/store/database-identity.ts';
import type { Database } from '../../src/store/database.ts';
import { findChangesAfter } from '../../src/store/find-changes.ts';
import { findTasksToTell } from '../../src/store/find-tasks.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { newTask } from '../store/open-store.ts';
import { createFirstReads } from '../../src/tasks/first-reads.ts';
import { watchTaskChanges } from '../../src/tasks/watch-task.ts';
import { ada, openTasks, type TestTasks } from './open-tasks.ts';

const safetyNetMs = 15_000;
const clock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms === safetyNetMs ? 30 : ms, signal),
};

/** Another process's feed, which looks every 30 ms, so that places move on while the test runs. */
async function openReplica({ database, connection, dependencies }: TestTasks) {
  const feed = createTaskFeed({
    connection,
    beginning: await findPlace(database),
    findTasks: (ids) => findTasksToTell(database, ids),
    findPlace: () => findPlace(database),
    findChangesAfter: (place, from) => findChangesAfter(database, place, { from: from ?? null }),
    recognizeDatabase: () => recognizeDatabase(database),
    onHeld: () => {},
    onFollowed: () => {},
    onLeaseReleased: () => {},
    clock,
    logger: silentLogger,
  });
  return {
    watch: (after: ChangePlace) =>
      watchTaskChanges({ ...dependencies, feed, firstReads: createFirstReads(database) }, ada, {}, after),
    [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose](),
  };
}

/** One of several that write at once: each transaction ends while others that began later, or earlier, are under way. */
async function write(database: Database, writer: number, written: Map<string, number>): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) {
    const task = newTask();
    const pause = sql`select pg_sleep(${((writer * 7 + turn * 3) % 6) / 200})`;
    await database.transaction().execute(async (open) => {
      await insertTask(open, task);
      await pause.execute(open);
    });
    await database.transaction().execute(async (open) => {
      await sql`update task set revision = 2, updated_at = created_at where id = ${task.id}`.execute(open);
      await pause.execute(open);
    });
    written.set(task.id, 2);
  }
}

test(
  'a caller who leaves and comes back after the last cursor, at any replica, misses nothing that was committed',
  { timeout: 40_000 },
  async () => {
    await using tasks = await openTasks();
    await using one = await openReplica(tasks);
    await using other = await openReplica(tasks);
    const written = new Map<string, number>();
    const seen = new Map<string, number>();
    const created = new Set<string>();
    let { place } = await tasks.useCases.listTasks(ada, { first: 1 }, {});
    const writing = Promise.all(Array.from({ length: 6 }, (_, writer) => write(tasks.database, writer, written)));
    let isWriting = true;
    void writing.then(() => (isWriting = false));

    const isComplete = (): boolean =>
      !isWriting && [...written].every(([id, revision]) => (seen.get(id) ?? 0) >= revision);
    // So that something comes also when all that was written has been seen.
    const tick = async (): Promise<void> => {
      while (!isComplete()) {
        await insertTask(tasks.database, newTask());
        await sql`select pg_sleep(0.02)`.execute(tasks.database);
      }
    };
    const ticking = tick();
    let visits = 0;
    for (; !isComplete(); visits += 1) {
      const changes = (await [one, other][visits % 2]?.watch(place))?.[Symbol.asyncIterator]();
      // Long enough for what was missed, or some of it.
      for (let left = 10 + ((visits * 7) % 60); left > 0 && !isComplete(); left -= 1) {
        const next = await changes?.next();
        if (next === undefined || next.done === true) break;
        const { task, type, place: reached } = next.value;
        seen.set(task.id, Math.max(seen.get(task.id) ?? 0, task.revision));
        if (type === 'CREATED') created.add(task.id);
        // As text, as a client keeps it.
        place = decodePlace(encodePlace(reached)) ?? place;
      }
      await changes?.return?.();
    }
    await Promise.all([writing, ticking]);
    expect([...written.keys()].filter((id) => !created.has(id))).toEqual([]);
    expect(written.size).toBe(72);
    expect(visits).toBeGreaterThan(2);
  },
);
