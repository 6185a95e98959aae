import { graphql } from 'graphql';
import { expect, test } from 'vitest';
import { createContext } from '../../schema/context.ts';
import { schema } from '../../schema/index.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { scopeToOwner } from '../../src/tasks/owner-scoped-use-cases.ts';
import { holdTask } from '../store/open-store.ts';
import { claimTask, noAnswer, record } from '../store/task-states.ts';
import { ada, openTasks, type TestTasks } from './open-tasks.ts';

const request: TaskRequest = { kind: 'IMAGE', prompt: 'a lighthouse' };

/** Failed tasks, and a retry of each. */
async function openPage(count: number) {
  const tasks = await openTasks();
  for (let number = 0; number < count; number += 1) {
    const failed = await holdTask(tasks.database, { request });
    await record(tasks.database, await claimTask(tasks.database, failed), noAnswer);
    await holdTask(tasks.database, { request, retryOf: failed });
  }
  return tasks;
}

/** What is read every second for estimates, and by the feed's looks, whatever is queried. */
const byItself = /held_order|model_duration|clock_timestamp\(\) as now/;

/** How many statements a query costs. */
async function countStatements({ useCases, statements }: TestTasks, source: string): Promise<number> {
  const before = statements.length;
  const contextValue = createContext({ useCases: scopeToOwner(ada, useCases, silentLogger), clock: systemClock });
  const { data, errors } = await graphql({ schema, source, contextValue });
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).toContain('WAIT');
  return statements.slice(before).filter((statement) => !byItself.test(statement.sql)).length;
}

const page = (fields: string) => `{ tasks(first: 50) { nodes { ... on AigcTask { ${fields} } } } }`;

test.each([
  ['a page', page('status'), 1],
  ['a page with histories', page('status history { status at message }'), 2],
  ['a page with deliveries', page('status webhookDeliveries { event attempt statusCode }'), 2],
  ['a page with originals', page('status retryOf { ... on AigcTask { id status } }'), 2],
  ['a page with everything', page('status history { status } retryOf { ... on AigcTask { history { status } } }'), 4],
  [
    'a page that is counted',
    '{ tasks(first: 50) { totalCount totalCountIsExact nodes { ... on AigcTask { status } } } }',
    2,
  ],
])('%s costs as many statements for fifty tasks as for two', async (_name, source, expected) => {
  await using few = await openPage(1);
  await using many = await openPage(25);
  expect(await countStatements(few, source)).toBe(expected);
  expect(await countStatements(many, source)).toBe(expected);
});

test('what is asked for by many ids is read at once', async () => {
  await using tasks = await openPage(10);
  const { tasks: found } = await tasks.useCases.listTasks(ada, { first: 20 }, {});
  const nodes = `{ nodes(ids: ${JSON.stringify(found.map(({ id }) => id))}) { ... on AigcTask { status history { status } } } }`;
  expect(await countStatements(tasks, nodes)).toBe(2);
});
