import { sql } from 'kysely';
import type { HeldOrder } from '../domain/task/held-order.ts';
import type { Database } from './database.ts';

/** What the scheduler published last. */
export async function findHeldOrders(database: Database, account: string): Promise<HeldOrder[]> {
  const rows = await database
    .selectFrom('held_order')
    .select(['kind', 'task_ids', 'held', 'per_second'])
    .where('account', '=', account)
    .execute();
  return rows.map((row) => ({ kind: row.kind, taskIds: row.task_ids, held: row.held, perSecond: row.per_second }));
}

export async function saveHeldOrders(database: Database, account: string, orders: readonly HeldOrder[]): Promise<void> {
  if (orders.length === 0) return;
  await database
    .insertInto('held_order')
    .values(
      orders.map(({ kind, taskIds, held, perSecond }) => ({
        account,
        kind,
        task_ids: [...taskIds],
        held,
        per_second: perSecond,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['account', 'kind']).doUpdateSet({
        task_ids: sql<string[]>`excluded.task_ids`,
        held: sql<number>`excluded.held`,
        per_second: sql<number>`excluded.per_second`,
      }),
    )
    .execute();
}
