import { Kysely, PostgresDialect, type CompiledQuery } from 'kysely';
import { Pool } from 'pg';
import { v7 as createId } from 'uuid';
import type { NewTask, Task } from '../../src/domain/task/task.ts';
import type { Database } from '../../src/store/database.ts';
import { findTasksById } from '../../src/store/find-tasks.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import type { Tables } from '../../src/store/tables.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

export const account = 'vendor/-/test';
export const owner = 'ada';

export type TestStore = AsyncDisposable & {
  database: Database;
  connection: TestDatabase['config'];
  /** Every statement so far, as it was sent. */
  statements: CompiledQuery[];
};

/** A store on a database of its own, which remembers what it was asked. */
export async function openStore(): Promise<TestStore> {
  await using opening = new AsyncDisposableStack();
  const { config: connection } = opening.use(await createTestDatabase());
  const pool = new Pool({ ...connection, max: 16 });
  pool.on('error', () => {});
  // One that breaks while it is taken, but asked nothing, would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const statements: CompiledQuery[] = [];
  const log = ({ query }: { query: CompiledQuery }): void => void statements.push(query);
  const database = opening.use(new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log }));
  const open = opening.move();
  return { database, connection, statements, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

export function newTask(changes: Partial<NewTask> = {}): NewTask {
  const request: NewTask['request'] = changes.request ?? { kind: 'IMAGE', prompt: 'a lighthouse at dawn' };
  return {
    id: createId(),
    owner,
    account,
    kind: request.kind,
    mode: 'TEXT_TO_IMAGE',
    warnings: [],
    retryOf: null,
    idempotencyKey: null,
    requestHash: 'a hash',
    ...changes,
    request,
  };
}

/** Records a task that waits to be sent, and answers its id. */
export async function holdTask(database: Database, changes: Partial<NewTask> = {}): Promise<string> {
  const task = newTask(changes);
  if (!(await insertTask(database, task))) throw new Error('The task is already there.');
  return task.id;
}

export async function getTask(database: Database, id: string): Promise<Task> {
  const [task] = await findTasksById(database, [id]);
  if (task === undefined) throw new Error(`There is no task ${id}.`);
  return task;
}
