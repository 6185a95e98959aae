import { sql } from 'kysely';
import type { TaskRequest } from '../domain/request.ts';
import type { Attempt } from '../domain/submission.ts';
import type { TaskKind } from '../domain/task.ts';
import type { Database } from './database.ts';

/** Held tasks of an account and a kind, oldest first: as much of the queue as a scheduler keeps in memory. */
export type HeldTask = { id: string; owner: string; kind: TaskKind };

export async function findHeldTasks(
  database: Database,
  account: string,
  window: { kind: TaskKind; limit: number },
): Promise<HeldTask[]> {
  return await database
    .selectFrom('task')
    .select(['id', 'owner', 'kind'])
    .where('account', '=', account)
    .where('state', '=', 'held')
    .where('kind', '=', window.kind)
    .orderBy('id')
    .limit(window.limit)
    .execute();
}

/**
 * Moves a held task to `submitting` on behalf of the scheduler of this epoch: invisible outside. null when it is no
 * longer held, or when the lease is no longer of this epoch.
 */
export async function claimHeldTask(
  database: Database,
  id: string,
  epoch: bigint,
): Promise<(Attempt & { request: TaskRequest }) | null> {
  const row = await database
    .updateTable('task')
    .set({
      state: 'submitting',
      attempt: sql<number>`attempt + 1`,
      attempt_epoch: epoch.toString(),
      submitting_since: sql<Date>`clock_timestamp()`,
    })
    .where('id', '=', id)
    .where('state', '=', 'held')
    .where('cancel_requested', '=', false)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('account_lease')
          .select('account_lease.account')
          .whereRef('account_lease.account', '=', 'task.account')
          .where('account_lease.epoch', '=', epoch.toString()),
      ),
    )
    .returning(['attempt', 'request'])
    .executeTakeFirst();
  if (row === undefined || row.request === null) return null;
  return { taskId: id, attempt: row.attempt, request: row.request };
}

/** Takes back an attempt that surely did not arrive: invisible outside. False when it is over, or a cancel was asked for. */
export async function releaseAttempt(database: Database, { taskId, attempt }: Attempt): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('task')
    .set({ state: 'held', submitting_since: null })
    .where('id', '=', taskId)
    .where('state', '=', 'submitting')
    .where('attempt', '=', attempt)
    .where('cancel_requested', '=', false)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** The attempt of a claim whose answer was lost, if the claim was committed. */
export async function findClaim(database: Database, id: string, epoch: bigint): Promise<Attempt | null> {
  const row = await database
    .selectFrom('task')
    .select('attempt')
    .where('id', '=', id)
    .where('state', '=', 'submitting')
    .where('attempt_epoch', '=', epoch.toString())
    .executeTakeFirst();
  return row === undefined ? null : { taskId: id, attempt: row.attempt };
}

/** Asks for the cancel of a task that is being sent. True when it is: the outcome of the attempt decides. */
export async function requestCancel(database: Database, id: string): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('task')
    .set({ cancel_requested: true })
    .where('id', '=', id)
    .where('state', '=', 'submitting')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Attempts whose process must be dead: older, by database time, than a Create can take. */
export async function findOrphanedAttempts(
  database: Database,
  account: string,
  olderThanMs: number,
): Promise<Attempt[]> {
  const rows = await database
    .selectFrom('task')
    .select(['id', 'attempt'])
    .where('account', '=', account)
    .where('state', '=', 'submitting')
    .where('submitting_since', '<', sql<Date>`clock_timestamp() - ${olderThanMs} * interval '1 millisecond'`)
    .orderBy('id')
    .limit(1_000)
    .execute();
  return rows.map((row) => ({ taskId: row.id, attempt: row.attempt }));
}
