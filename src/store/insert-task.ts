import { sql, type Insertable, type Selectable } from 'kysely';
import { TemporarilyUnavailableError } from '../domain/errors.ts';
import { isUnlimited, type FullQuota, type Quota } from '../domain/task/quota.ts';
import { createdAt } from '../domain/task/task-id.ts';
import type { NewTask, Task } from '../domain/task/task.ts';
import { createKeyedSemaphore, type KeyedSemaphore } from '../kit/keyed-semaphore.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared-statements.ts';
import { findFullQuota, type Holder } from './quota-use.ts';
import { indexedWords, searchWords } from './search-words.ts';
import type { Tables } from './tables.ts';
import { taskColumns, taskOfRow } from './task-row.ts';
import { maxWaitMs, patience } from './write-together.ts';

/** Answers false when a key or a keyless retry of the same task is already there: nothing was recorded then. */
export async function insertTask(database: Database, task: NewTask): Promise<boolean> {
  return (await insertTasks(database, [task])).length > 0;
}

/** Those that were recorded: of several that stand for the same, the first. `lockTimeout` is for its wait for others' keys. */
export async function insertTasks(
  database: Database,
  tasks: readonly NewTask[],
  lockTimeout: string | null = null,
): Promise<Task[]> {
  return await insertRows(database, tasks.map(rowOf), lockTimeout);
}

/** Without a key, nothing is compared with what was asked for. */
export type TaskToRecord = Omit<NewTask, 'requestHash'> & { requestHash: string | null };

/** As it is when nothing became of it yet. */
export function rowOf(task: TaskToRecord): NewRow {
  const { request } = task;
  return {
    id: task.id,
    owner: task.owner,
    share_group: task.shareGroup ?? null,
    account: task.account,
    kind: task.kind,
    mode: task.mode,
    state: 'held',
    status: 'WAIT',
    request: JSON.stringify(request),
    prompt: request.prompt ?? null,
    model_name: request.model?.name ?? null,
    model_version: request.model?.version ?? null,
    operator: request.operator ?? null,
    warnings: task.warnings,
    retry_of: task.retryOf,
    idempotency_key: task.idempotencyKey,
    request_hash: task.requestHash,
    webhook_url: task.webhook?.url ?? null,
    webhook_host: task.webhook ? new URL(task.webhook.url).host : null,
    webhook_events: task.webhook?.events ?? null,
    created_at: createdAt(task.id),
  };
}

/** A task that was made elsewhere and is followed from now on. */
export type AdoptedTask = Pick<Task, 'id' | 'owner' | 'account' | 'kind'> &
  Pick<NewTask, 'shareGroup'> & { upstreamTaskId: string };

/**
 * Records it as submitted, with its progress and the first line of its history, in one statement. Answers false when the
 * account has a task with this upstream id already, of any owner: nothing was recorded then.
 */
export async function insertAdoptedTask(database: Database, task: AdoptedTask): Promise<boolean> {
  const row: NewRow = {
    id: task.id,
    owner: task.owner,
    share_group: task.shareGroup ?? null,
    account: task.account,
    kind: task.kind,
    mode: 'UNKNOWN',
    state: 'submitted',
    status: 'WAIT',
    warnings: [],
    upstream_task_id: task.upstreamTaskId,
    created_at: createdAt(task.id),
    submitted_at: createdAt(task.id),
  };
  return (await insertRows(database, [row], null)).length > 0;
}

/** What new tasks are recorded with, as PostgreSQL reads it from JSON. */
const columnTypes = {
  id: 'uuid',
  owner: 'text',
  share_group: 'text',
  account: 'text',
  kind: 'text',
  mode: 'text',
  state: 'text',
  status: 'text',
  request: 'text',
  prompt: 'text',
  model_name: 'text',
  model_version: 'text',
  operator: 'text',
  warnings: 'text[]',
  retry_of: 'uuid',
  idempotency_key: 'text',
  request_hash: 'text',
  upstream_task_id: 'text',
  webhook_url: 'text',
  webhook_host: 'text',
  webhook_events: 'text[]',
  created_at: 'timestamptz',
  submitted_at: 'timestamptz',
} as const;

type Column = keyof typeof columnTypes;
type NewRow = Pick<Insertable<Tables['task']>, Column>;

const columns = Object.keys(columnTypes).filter((name): name is Column => name in columnTypes);
const recordType = Object.entries({ ...columnTypes, words: 'text[]' }).map(([name, type]) => `${name} ${type}`);
const given = sql.raw<'given'>(`given(${recordType.join()})`);

/**
 * Records tasks with their progress, their words and the first lines of their histories, in one statement, whose text is
 * the same for any number of them.
 */
async function insertRows(database: Database, rows: readonly NewRow[], lockTimeout: string | null): Promise<Task[]> {
  const json = JSON.stringify(rows.map((row) => ({ ...row, words: wordsOf(row.owner, row.prompt ?? null) })));
  const inserted = await database
    .with('patience', (query) => query.selectNoFrom(patience(lockTimeout).as('set')))
    .with('given', (query) =>
      query
        // Joined, so that no row comes before the limit is set.
        .selectFrom(['patience', sql<GivenRow>`json_to_recordset(${json}::json)`.as<'given'>(given)])
        .selectAll('given'),
    )
    .with('inserted', (query) =>
      query
        .insertInto('task')
        .columns(columns)
        .expression(
          query
            .selectFrom('given')
            .select(columns.map((name) => (name === 'request' ? sql`request::jsonb`.as(name) : name))),
        )
        .onConflict((conflict) => conflict.doNothing())
        .returningAll(),
    )
    .with('progress', (query) =>
      query
        .insertInto('task_progress')
        .columns(['task_id'])
        .expression(query.selectFrom('inserted').select('id'))
        .returningAll(),
    )
    .with('words', (query) =>
      query
        .insertInto('task_words')
        .columns(['task_id', 'owner', 'words'])
        .expression(
          query
            .selectFrom('inserted')
            .innerJoin('given', 'given.id', 'inserted.id')
            .select(['inserted.id', 'inserted.owner', 'given.words'])
            .where(sql<boolean>`cardinality(given.words) > 0`),
        ),
    )
    .with('event', (query) =>
      query
        .insertInto('task_event')
        .columns(['task_id', 'revision', 'status', 'at'])
        .expression(query.selectFrom('inserted').select(['id', 'revision', 'status', 'updated_at'])),
    )
    .selectFrom('inserted as task')
    .innerJoin('progress as task_progress', 'task_progress.task_id', 'task.id')
    .modifyFront(prepared)
    .select(taskColumns)
    .execute();
  return inserted.map(taskOfRow);
}

type GivenRow = Pick<Selectable<Tables['task']>, Column> & { words: string[] };

/** `present`: the task, or another one that stands for the same, was there already. */
export type Insertion = 'recorded' | 'present' | FullQuota;

/** Half of what a statement may take, so that creates that wait for a process that stopped here still get their turn. */
export const maxPauseMs = 5_000;

/** Those of one owner wait here before they take a connection: else those that wait for the lock could hold all of them. */
const semaphoreByDatabase = new WeakMap<Database, KeyedSemaphore>();

/**
 * Inserts if there is room. Those of one owner go one after the other, through all replicas, and look before they insert,
 * so that a refusal writes nothing. Without a limit it is the insert alone. Throws a TemporarilyUnavailableError when
 * its turn does not come in time.
 */
export async function insertWithinQuota(
  database: Database,
  holder: Holder,
  quota: Quota,
  insert: (database: Database) => Promise<boolean>,
): Promise<Insertion> {
  const record = async (open: Database): Promise<Insertion> => ((await insert(open)) ? 'recorded' : 'present');
  if (isUnlimited(quota)) return await record(database);
  const leave = await waitForTurn(database, holder.owner);
  try {
    return await insertUnderLock(database, holder, quota, record);
  } finally {
    leave();
  }
}

async function waitForTurn(database: Database, owner: string): Promise<() => void> {
  const semaphore = semaphoreByDatabase.get(database) ?? createKeyedSemaphore(1);
  semaphoreByDatabase.set(database, semaphore);
  return await semaphore.enter(owner, AbortSignal.timeout(maxWaitMs)).catch((cause: unknown) => {
    throw new TemporarilyUnavailableError(
      'Too many tasks of yours are being recorded. Nothing was recorded; try again.',
      {
        cause,
      },
    );
  });
}

async function insertUnderLock(
  database: Database,
  holder: Holder,
  quota: Quota,
  record: (open: Database) => Promise<Insertion>,
): Promise<Insertion> {
  // In any stricter level, what is counted would be as of when the lock was asked for, not as of when it was got.
  const transaction = database.transaction().setIsolationLevel('read committed');
  return await transaction.execute(async (open) => {
    await lockOwner(open, holder.owner);
    return (await findFullQuota(open, holder, quota)) ?? (await record(open));
  });
}

/** Until the transaction ends: should its process be frozen or lost, after a few seconds. */
export async function lockOwner(open: Database, owner: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${owner}, 0)),
    set_config('idle_in_transaction_session_timeout', ${String(maxPauseMs)}, true)`.execute(open);
}

/** What a task is found by. */
export function wordsOf(owner: string, prompt: string | null): string[] {
  return prompt === null ? [] : indexedWords(owner, searchWords(prompt));
}
