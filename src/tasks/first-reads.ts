import type { ChangePlace } from '../domain/task/change-place.ts';
import type { Task } from '../domain/task/task.ts';
import { createSerialLoader } from '../kit/serial-loader.ts';
import { findPlace } from '../store/change-place.ts';
import type { Database } from '../store/database.ts';
import { findOwnStates, findOwnTasks } from '../store/find-tasks.ts';

type TaskState = Pick<Task, 'id' | 'state'>;

/** What a subscription reads before it follows changes. Each read begins after it was asked for, so nothing falls between. */
export type FirstReads = {
  /** null for what is not the owner's. The id must be one. */
  findTask(owner: string, id: string): Promise<Task | null>;
  /** The owner's own among these ids, which must be ids. */
  findStates(owner: string, ids: readonly string[]): Promise<TaskState[]>;
  findPlace(owner: string): Promise<ChangePlace>;
};

/** The subscriptions of an owner that start together are read for together: a statement each would be most of their cost. */
export function createFirstReads(database: Database): FirstReads {
  const byOwner = new Map<string, OwnerReads>();

  /** An owner's reads are kept for as long as one of them is under way. */
  async function withReads<Answer>(owner: string, read: (reads: OwnerReads) => Promise<Answer>): Promise<Answer> {
    const reads = byOwner.get(owner) ?? createOwnerReads(database, owner);
    byOwner.set(owner, reads);
    reads.waiting += 1;
    try {
      return await read(reads);
    } finally {
      reads.waiting -= 1;
      if (reads.waiting === 0) byOwner.delete(owner);
    }
  }

  return {
    findTask: (owner, id) => withReads(owner, ({ tasks }) => tasks.load(id)),
    findStates: (owner, ids) =>
      withReads(owner, async ({ states }) => {
        const found = await Promise.all(ids.map((id) => states.load(id)));
        return found.filter((state) => state !== null);
      }),
    findPlace: (owner) => withReads(owner, ({ places }) => places.load('now')),
  };
}

type OwnerReads = ReturnType<typeof createOwnerReads>;

function createOwnerReads(database: Database, owner: string) {
  const byId = <Found extends { id: string }>(find: (ids: readonly string[]) => Promise<Found[]>) =>
    createSerialLoader<string, Found | null>(async (ids) => {
      const found = new Map((await find([...new Set(ids)])).map((each) => [each.id, each]));
      return ids.map((id) => found.get(id) ?? null);
    });
  return {
    waiting: 0,
    tasks: byId((ids) => findOwnTasks(database, owner, ids)),
    states: byId((ids): Promise<TaskState[]> => findOwnStates(database, owner, ids)),
    places: createSerialLoader<'now', ChangePlace>(async (asked) => {
      const place = await findPlace(database);
      return asked.map(() => place);
    }),
  };
}
