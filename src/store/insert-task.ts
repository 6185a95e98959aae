import { sql, type Insertable } from 'kysely';
import type { NewTask, Task } from '../domain/task/task.ts';
import type { Database } from './database.ts';
import { indexedWords, searchWords } from './search-words.ts';
import type { Tables } from './tables.ts';

/**
 * Records a task with its progress, its words and the first line of its history, in one statement. Answers false when
 * a key, a keyless retry or an upstream id of the same task is already there: nothing was recorded then.
 */
export async function insertTask(database: Database, task: NewTask): Promise<boolean> {
  return await insertRow(database, rowOf(task));
}

/** Without a key, nothing is compared with what was asked for. */
export type TaskToRecord = Omit<NewTask, 'requestHash'> & { requestHash: string | null };

/** As it is when nothing became of it yet. */
export function rowOf(task: TaskToRecord): Insertable<Tables['task']> {
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
 * account has a task with this upstream id already, whoever's: nothing was recorded then.
 */
export async function insertAdoptedTask(database: Database, task: AdoptedTask): Promise<boolean> {
  return await insertRow(database, {
    id: task.id,
    owner: task.owner,
    share_group: task.shareGroup ?? null,
    account: task.account,
    kind: task.kind,
    mode: 'UNKNOWN',
    state: 'submitted',
    status: 'WAIT',
    upstream_task_id: task.upstreamTaskId,
    created_at: createdAt(task.id),
    submitted_at: createdAt(task.id),
  });
}

async function insertRow(database: Database, row: Insertable<Tables['task']>): Promise<boolean> {
  const words = wordsOf(row.owner, row.prompt ?? null);
  const inserted = await database
    .with('inserted', (query) =>
      query
        .insertInto('task')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .returning(['id', 'owner', 'revision', 'status', 'updated_at']),
    )
    .with('progress', (query) =>
      query.insertInto('task_progress').columns(['task_id']).expression(query.selectFrom('inserted').select('id')),
    )
    .with('words', (query) =>
      query
        .insertInto('task_words')
        .columns(['task_id', 'owner', 'words'])
        .expression(
          query
            .selectFrom('inserted')
            .select(['id', 'owner', sql<string[]>`${words}::text[]`.as('words')])
            .where(sql<boolean>`${words.length > 0}`),
        ),
    )
    .with('event', (query) =>
      query
        .insertInto('task_event')
        .columns(['task_id', 'revision', 'status', 'at'])
        .expression(query.selectFrom('inserted').select(['id', 'revision', 'status', 'updated_at'])),
    )
    .selectFrom('inserted')
    .select('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** What a task is found by. */
export function wordsOf(owner: string, prompt: string | null): string[] {
  return prompt === null ? [] : indexedWords(owner, searchWords(prompt));
}

/** A UUIDv7 begins with its moment, in milliseconds: ids and creation times say the same. */
export function createdAt(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}
