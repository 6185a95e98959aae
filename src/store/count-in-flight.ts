import { sql } from 'kysely';
import type { TaskKind, TaskStatus } from '../domain/task.ts';
import type { Database } from './database.ts';

/** Tasks of an account that have not ended. */
export async function countTasksInFlight(
  database: Database,
  account: string,
): Promise<{ kind: TaskKind; status: TaskStatus; count: number }[]> {
  const rows = await database
    .selectFrom('task')
    .select(['kind', 'status', sql<string>`count(*)`.as('count')])
    .where('account', '=', account)
    .where('state', 'in', ['held', 'submitting', 'submitted'])
    .groupBy(['kind', 'status'])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** Tasks of other accounts that have not ended: they are neither sent nor asked after by this process. */
export async function countForeignTasks(
  database: Database,
  account: string,
): Promise<{ account: string; count: number }[]> {
  const rows = await database
    .selectFrom('task')
    .select(['account', sql<string>`count(*)`.as('count')])
    .where('account', '!=', account)
    .where('state', 'in', ['held', 'submitting', 'submitted'])
    .groupBy('account')
    .orderBy('account')
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}
