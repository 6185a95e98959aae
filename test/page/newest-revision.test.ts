import {
  Client,
  createRequest,
  makeErrorResult,
  makeOperation,
  type Operation,
  type OperationResult,
} from '@urql/core';
import { expect, test } from 'vitest';
import { makeSubject, pipe, subscribe } from 'wonka';
import { newestRevisionExchange } from '../../src/page/client/newest-revision.ts';

type Task = { __typename: string; id: string; revision: number; status: string; estimate?: number };

const task = (revision: number, status: string): Task => ({ __typename: 'ImageTask', id: 'one', revision, status });

/** The exchange between a cache, which `received` is for, and a gateway, whose `answers` come in any order. */
function setUp() {
  const client = new Client({ url: '/graphql', exchanges: [] });
  const asked = makeSubject<Operation>();
  const answered = makeSubject<OperationResult>();
  const forwarded: Operation[] = [];
  const received: unknown[] = [];
  const forward = (operations: typeof asked.source) => {
    pipe(
      operations,
      subscribe((operation) => void forwarded.push(operation)),
    );
    return answered.source;
  };
  const results = newestRevisionExchange({ client, forward, dispatchDebug() {} })(asked.source);
  pipe(
    results,
    subscribe(({ data }) => void received.push(data)),
  );
  const context = { url: '/graphql', requestPolicy: 'network-only' } as const;
  const operation = (kind: Operation['kind'], text: string): Operation =>
    makeOperation(kind, createRequest(text, {}), context);
  return {
    forwarded,
    received,
    query: operation('query', '{ tasks { nodes { id } } }'),
    news: operation('subscription', 'subscription { taskChanges { id } }'),
    mutation: operation('mutation', 'mutation { createImageTask { id } }'),
    ask: (asking: Operation) => asked.next(asking),
    answer: (asking: Operation, data: unknown) => answered.next({ ...makeErrorResult(asking, new Error()), data }),
  };
}

const list = (...nodes: Task[]) => ({ tasks: { nodes } });

test('an answer that the news have overtaken is asked for again, and never seen', async () => {
  const { forwarded, received, query, news, ask, answer } = setUp();
  ask(query);
  answer(news, { taskChanges: task(3, 'DONE') });
  answer(query, list(task(2, 'RUN')));
  await Promise.resolve();
  expect(forwarded).toEqual([query, query]);
  answer(query, list(task(3, 'DONE')));
  expect(received).toEqual([{ taskChanges: task(3, 'DONE') }, list(task(3, 'DONE'))]);
});

test('an answer that is as new as the news is seen at once, with what has no revision of its own', async () => {
  const { forwarded, received, query, news, ask, answer } = setUp();
  ask(query);
  answer(news, { taskChanges: task(2, 'RUN') });
  answer(query, list({ ...task(2, 'RUN'), estimate: 0.5 }));
  await Promise.resolve();
  expect(forwarded).toEqual([query]);
  expect(received.at(-1)).toEqual(list({ ...task(2, 'RUN'), estimate: 0.5 }));
});

test('older news are dropped', () => {
  const { received, news, answer } = setUp();
  answer(news, { taskChanges: task(3, 'DONE') });
  answer(news, { taskChanges: task(1, 'WAIT') });
  answer(news, { taskChanges: { ...task(1, 'WAIT'), id: 'another' } });
  expect(received).toEqual([{ taskChanges: task(3, 'DONE') }, { taskChanges: { ...task(1, 'WAIT'), id: 'another' } }]);
});

test('what a mutation answers is the newest that is known', () => {
  const { received, news, mutation, answer } = setUp();
  answer(news, { taskChanges: task(2, 'RUN') });
  answer(mutation, { createImageTask: { task: task(1, 'WAIT') } });
  expect(received.at(-1)).toEqual({ createImageTask: { task: task(2, 'RUN') } });
});

test('an answer that is always overtaken is passed on in the end, with the newest states', async () => {
  const { forwarded, received, query, news, ask, answer } = setUp();
  ask(query);
  answer(news, { taskChanges: task(3, 'DONE') });
  for (let times = 0; times < 4; times += 1) {
    answer(query, list(task(2, 'RUN')));
    await Promise.resolve();
  }
  expect(forwarded).toHaveLength(4);
  expect(received.at(-1)).toEqual(list(task(3, 'DONE')));
});
