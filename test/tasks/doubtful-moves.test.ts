import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { failures } from '../../src/domain/task/failures.ts';
import { failWith } from '../../src/domain/task/moves.ts';
import type { TaskChange } from '../../src/domain/task/task-change.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { makeMove } from '../../src/tasks/make-move.ts';
import { recordNewTask } from '../../src/tasks/create-task.ts';
import { connect } from '../store/explain.ts';
import { getTask, holdTask, newTask } from '../store/open-store.ts';
import { until } from '../support/until.ts';
import { ada, openTasks } from './open-tasks.ts';

const cancel = { guard: { states: ['held'] }, move: failWith(failures.canceled()) } as const;

/** The task that ends first. */
async function hearEnd(changes: AsyncIterable<TaskChange>): Promise<string> {
  for await (const { task } of changes) if (task.state === 'ended') return task.id;
  throw new Error('Nothing has ended.');
}

/** What is written is committed by another, and then the answer fails on its way back. */
function withoutAnswers(database: Database): Database {
  const lose = (): never => {
    throw new Error('Connection terminated unexpectedly');
  };
  return Object.assign(Object.create(database), { with: lose, getExecutor: lose });
}

test(
  'an end that was committed after its answer was given up is told when the next try finds it',
  { timeout: 10_000 },
  async () => {
    await using tasks = await openTasks();
    const { database, useCases, dependencies } = tasks;
    const id = await holdTask(database);
    const end = hearEnd(await useCases.watchTaskChanges(ada, {}, null));
    // A client that gives up first: as a server behind a pooler without limits, or a commit that waits for its standby.
    await using impatient = createDatabase({ ...tasks.connection, query_timeout: 100, limits: null }, silentLogger);
    await using holder = await connect(tasks.connection);
    await holder.query('begin');
    await holder.query('select from task where id = $1 for update', [id]);
    await expect(makeMove({ ...dependencies, database: impatient }, id, cancel)).rejects.toThrow('Query read timeout');
    await dependencies.announcer.flush();
    await holder.query('commit');
    await until(async () => (await getTask(database, id)).revision === 2);

    expect(await makeMove(dependencies, id, cancel)).toBe(false);
    // Long before the feed looks by itself.
    expect(await end).toBe(id);
  },
);

test('a move whose answer is lost is told at once', { timeout: 10_000 }, async () => {
  await using tasks = await openTasks();
  const { database, useCases, dependencies } = tasks;
  const id = await holdTask(database);
  const end = hearEnd(await useCases.watchTaskChanges(ada, {}, null));
  await sql`
    update task set state = 'ended', status = 'FAIL', failure_code = 'CANCELED', failure = '{}', revision = 2
    where id = ${id}`.execute(database);
  await expect(makeMove({ ...dependencies, database: withoutAnswers(database) }, id, cancel)).rejects.toThrow(
    'terminated',
  );
  expect(await end).toBe(id);
});

test('a create whose answers are all lost is told to those who watch', { timeout: 10_000 }, async () => {
  await using tasks = await openTasks();
  const { database, useCases, dependencies } = tasks;
  const changes = (await useCases.watchTaskChanges(ada, {}, null))[Symbol.asyncIterator]();
  const task = newTask();
  await insertTask(database, task);
  const answerless = { ...dependencies, database: withoutAnswers(database) };
  await expect(recordNewTask(answerless, task, async () => null)).rejects.toThrow('same idempotencyKey again');
  expect(await changes.next()).toMatchObject({ value: { type: 'CREATED', task: { id: task.id } } });
});
