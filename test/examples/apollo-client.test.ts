import { InMemoryCache, type ApolloCache, type ApolloClient } from '@apollo/client';
import { Subscription } from 'rxjs';
import { isAbstractType } from 'graphql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createImageTask,
  createTaskClient,
  possibleTypes,
  TaskCache,
  taskChanges,
  taskFields,
  tasks,
} from '../../docs/examples/apollo-client.ts';
import { schema } from '../../schema/index.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

type TaskData = { __typename: string; id: string; revision: number; status: string };
type ListData = { tasks: { changeCursor: string; nodes: TaskData[] } };
type ChangeData = { taskChanges: { cursor: string; task: TaskData } };

let running: TestGateway;
let client: ApolloClient;
let subscriptions: Subscription;

beforeEach(async () => {
  running = await startTestGateway();
  subscriptions = new Subscription();
  client = createTaskClient(`${running.url}/graphql`);
});

afterEach(async () => {
  subscriptions.unsubscribe();
  client.stop();
  await running[Symbol.asyncDispose]();
});

test('the example for Apollo Client keeps a list up to date through its cache', async () => {
  await createSlowImage();
  const { data } = await client.query<ListData>({ query: tasks });
  expect(data?.tasks.nodes).toMatchObject([{ status: expect.stringMatching(/WAIT|RUN/) }]);
  const list = client.watchQuery<ListData>({ query: tasks });
  subscriptions.add(list.subscribe({}));
  subscriptions.add(
    client.subscribe({ query: taskChanges, variables: { after: data?.tasks.changeCursor } }).subscribe({}),
  );
  await expect.poll(() => list.getCurrentResult().data).toMatchObject({ tasks: { nodes: [{ status: 'DONE' }] } });
});

test('the cache drops a list that is older than the news of an end, where a plain one goes back', async () => {
  await createSlowImage();
  const { data: olderList } = await client.query<ListData>({ query: tasks, fetchPolicy: 'no-cache' });
  const end = await endOf(olderList?.tasks.changeCursor ?? '');
  expect(olderList?.tasks.nodes).toMatchObject([{ id: end.id, status: expect.stringMatching(/WAIT|RUN/) }]);

  const afterOvertaking = (cache: ApolloCache): TaskData | null => {
    cache.write({
      query: taskChanges,
      dataId: 'ROOT_SUBSCRIPTION',
      result: { taskChanges: { __typename: 'TaskChange', type: 'UPDATED', cursor: '', task: end } },
    });
    cache.writeQuery({ query: tasks, data: olderList ?? null });
    expect(cache.readQuery<ListData>({ query: tasks })?.tasks.nodes).toHaveLength(1);
    return cache.readFragment({ id: `ImageTask:${end.id}`, fragment: taskFields });
  };

  expect(afterOvertaking(new TaskCache())).toEqual(end);
  const plainCache = new InMemoryCache({
    possibleTypes: { AigcTask: ['ImageTask'], ResultFile: ['ImageFile'] },
    // Keeps it from warning of what this control is to show.
    typePolicies: { ImageTask: { fields: { files: { merge: false } } } },
  });
  expect(afterOvertaking(plainCache)).toEqual(olderList?.tasks.nodes[0]);
});

test('the cache takes a newer revision, and the same one with other values', () => {
  const cache = new TaskCache();
  const write = (task: object): void => void cache.writeFragment({ fragment: taskFields, data: task });
  const task = { __typename: 'ImageTask', id: 'a', prompt: null, failure: null, files: [] };
  write({ ...task, revision: 1, status: 'WAIT' });
  write({ ...task, revision: 3, status: 'DONE', files: [{ __typename: 'ImageFile', id: 'f', url: null }] });
  write({
    ...task,
    revision: 3,
    status: 'DONE',
    files: [{ __typename: 'ImageFile', id: 'f', url: 'https://a.example' }],
  });

  expect(cache.readFragment({ id: 'ImageTask:a', fragment: taskFields })).toMatchObject({
    status: 'DONE',
    files: [{ url: 'https://a.example' }],
  });
});

test('the cache knows the types that implement what the example selects on', () => {
  for (const [name, known] of Object.entries(possibleTypes)) {
    const type = schema.getType(name);
    const actual = isAbstractType(type) ? schema.getPossibleTypes(type).map((possible) => possible.name) : [];
    expect(known.toSorted()).toEqual(actual.toSorted());
  }
});

test('the example for Apollo Client is told what is wrong with an input', async () => {
  const input = { idempotencyKey: 'example' };
  const { data } = await client.mutate({ mutation: createImageTask, variables: { input } });
  expect(data).toEqual({
    createImageTask: {
      __typename: 'InvalidInputError',
      message: 'prompt: An image needs a prompt or a reference image.',
    },
  });
});

/** It takes about half a second. */
async function createSlowImage(): Promise<void> {
  const input = { prompt: 'a lighthouse at dawn [slow]', idempotencyKey: 'example' };
  const { data } = await client.mutate({ mutation: createImageTask, variables: { input } });
  expect(data).toMatchObject({ createImageTask: { task: { failure: null } } });
}

/** The end as it arrives in the live feed. */
async function endOf(after: string): Promise<TaskData> {
  const { promise, resolve, reject } = Promise.withResolvers<TaskData>();
  const changes = client.subscribe<ChangeData>({ query: taskChanges, variables: { after } });
  subscriptions.add(
    changes.subscribe({
      next: ({ data }) => data?.taskChanges.task.status === 'DONE' && resolve(data.taskChanges.task),
      error: reject,
    }),
  );
  return await promise;
}
