import { sql } from 'kysely';
import type { ChangePlace, ChangePosition } from '../domain/task/change-place.ts';
import { RefetchRequiredError } from '../domain/errors.ts';
import type { FoundTask } from '../domain/task/feed.ts';
import type { TaskChangeFilter } from '../domain/task/listing.ts';
import type { TaskKind } from '../domain/task/task.ts';
import type { Database } from './database.ts';
import { findChangesAfter } from './find-changes.ts';
import { selectOwnTasks } from './find-tasks.ts';
import { taskOfRow } from './task-row.ts';

export type OwnChanges = {
  /** All that was committed before it is among the tasks, or was before `after`. */
  place: ChangePlace;
  /** As they are now, in the order in which they first changed. */
  tasks: FoundTask[];
};

/** More tasks than this are not replayed: reading the list again is cheaper for both sides. */
const maxTasks = 1_000;
/** Of all that changed, also of what the filter leaves out. */
const maxChanges = 10_000;
const readAtOnce = 1_000;

/**
 * What became of an owner's tasks after a place. Throws a RefetchRequiredError when that is too much, and when the place is
 * too old, or another database's.
 */
export async function findOwnChanges(
  database: Database,
  owner: string,
  filter: TaskChangeFilter,
  after: ChangePlace,
): Promise<OwnChanges> {
  const { place, transactions } = await findChangedIds(database, owner, filter, after);
  const ids = [...transactions.keys()];
  const tasks: FoundTask[] = [];
  for (let begin = 0; begin < ids.length; begin += readAtOnce) {
    tasks.push(...(await findMatching(database, owner, filter, ids.slice(begin, begin + readAtOnce), transactions)));
    if (tasks.length > maxTasks) throw new RefetchRequiredError();
  }
  return { place, tasks };
}

/** By task, the transaction that made it, where that is among them. */
type Transactions = Map<string, bigint | null>;

async function findChangedIds(
  database: Database,
  owner: string,
  { ids }: TaskChangeFilter,
  after: ChangePlace,
): Promise<{ place: ChangePlace; transactions: Transactions }> {
  const transactions: Transactions = new Map();
  let place: ChangePlace | null = null;
  let from: ChangePosition | null = null;
  let changes = 0;
  do {
    const page = await findChangesAfter(database, after, { scope: { owner, ...(ids && { ids }) }, from });
    changes += page?.changes.length ?? 0;
    if (page === null || changes > maxChanges) throw new RefetchRequiredError();
    for (const { id, revision, transaction } of page.changes) {
      transactions.set(id, revision === 1 ? transaction : (transactions.get(id) ?? null));
    }
    place ??= page.place;
    from = page.next;
  } while (from !== null);
  return { place, transactions };
}

async function findMatching(
  database: Database,
  owner: string,
  filter: TaskChangeFilter,
  ids: readonly string[],
  transactions: Transactions,
): Promise<FoundTask[]> {
  const rows = await selectOwnTasks(database, owner)
    .where('task.id', '=', sql<string>`any(${ids})`)
    .$if(filter.kinds !== undefined, (query) => query.where('task.kind', '=', sql<TaskKind>`any(${filter.kinds})`))
    .$if(filter.modelNames !== undefined, (query) =>
      query.where('task.model_name', '=', sql<string>`any(${filter.modelNames})`),
    )
    .$if(filter.operator !== undefined, (query) => query.where('task.operator', '=', filter.operator ?? null))
    .execute();
  const byId = new Map(rows.map((row) => [row.id, taskOfRow(row)]));
  return ids.flatMap((id) => {
    const task = byId.get(id);
    return task === undefined ? [] : [{ task, createdIn: transactions.get(id) ?? null }];
  });
}
