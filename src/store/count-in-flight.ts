import { sql } from 'kysely';
import type { TaskKind, TaskStatus } from '../domain/task/task.ts';
import type { Database } from './database.ts';

/** Tasks that have not ended, by the two indexes that hold just these. */
function selectInFlight(database: Database) {
  const tasks = database.selectFrom('task').select(['account', 'kind', 'status']);
  return tasks
    .where('state', '=', 'held')
    .unionAll(tasks.where('state', 'in', ['submitting', 'submitted']))
    .as('in_flight');
}

/** Tasks of an account that have not ended. */
export async function countTasksInFlight(
  database: Database,
  account: string,
): Promise<{ kind: TaskKind; status: TaskStatus; count: number }[]> {
  const rows = await database
    .selectFrom(selectInFlight(database))
    .select(['kind', 'status', sql<string>`count(*)`.as('count')])
    .where('account', '=', account)
    .groupBy(['kind', 'status'])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** Tasks of other accounts that have not ended: this process neither sends nor polls them. */
export async function countForeignTasks(
  database: Database,
  account: string,
): Promise<{ account: string; count: number }[]> {
  const rows = await database
    .selectFrom(selectInFlight(database))
    .select(['account', sql<string>`count(*)`.as('count')])
    .where('account', '!=', account)
    .groupBy('account')
    .orderBy('account')
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}
