import { type ExecutionResult, parse, subscribe } from 'graphql';
import { describe, expect, it } from 'vitest';
import { maskError } from '../../schema/errors.ts';
import { schema } from '../../schema/index.ts';
import { RefetchRequiredError } from '../../src/domain/errors.ts';
import type { Task } from '../../src/domain/task.ts';
import type { UseCases } from '../../src/tasks/use-cases.ts';
import { contextOver, errorsOf } from './ask.ts';
import { createInMemoryUseCases, imageTask, taskId } from './in-memory-use-cases.ts';

const changes =
  'subscription ($filter: TaskChangeFilter, $since: DateTime) { taskChanges(filter: $filter, since: $since) { ... on AigcTask { id } } }';

function start(useCases: UseCases, source: string, variableValues: Record<string, unknown> = {}) {
  return subscribe({ schema, document: parse(source), variableValues, contextValue: contextOver(useCases) });
}

async function started(...parameters: Parameters<typeof start>): Promise<AsyncGenerator<ExecutionResult>> {
  const result = await start(...parameters);
  if (Symbol.asyncIterator in result) return result;
  throw new Error(`refused: ${JSON.stringify(errorsOf(result))}`);
}

describe('taskStatus', () => {
  it("refuses an id that is not the caller's", async () => {
    const { useCases } = createInMemoryUseCases([imageTask(1)]);

    const result = await start(useCases, `subscription { taskStatus(id: "${taskId(9)}") { __typename } }`);

    expect('errors' in result && result.errors?.map((error) => maskError(error).extensions)).toEqual([
      { code: 'NOT_FOUND' },
    ]);
  });

  it('tells what the use case tells, and completes with it', async () => {
    const { useCases } = createInMemoryUseCases([imageTask(1)]);

    const live = await started(useCases, `subscription { taskStatus(id: "${taskId(1)}") { ... on AigcTask { id } } }`);

    expect(await live.next()).toEqual({ done: false, value: { data: { taskStatus: { id: taskId(1) } } } });
    expect(await live.next()).toEqual({ done: true, value: undefined });
  });
});

describe('taskChanges', () => {
  it('hands over the filter and the moment', async () => {
    const { useCases, calls } = createInMemoryUseCases([], { watchTaskChanges: async () => (async function* () {})() });

    await started(useCases, changes, { filter: { kinds: ['VIDEO'], operator: null }, since: '2026-07-01T00:00:00Z' });

    expect(calls).toEqual([
      ['watchTaskChanges', { owner: 'alice' }, { kinds: ['VIDEO'] }, new Date('2026-07-01T00:00:00Z')],
    ]);
  });

  it.each([
    [{ ids: Array.from({ length: 101 }, () => taskId(1)) }, 'filter.ids must have at most 100 items, not 101.'],
    [{ operator: 'a\0b' }, 'filter.operator must be Unicode text without NUL characters.'],
  ])('refuses a filter out of bounds (%#)', async (filter, message) => {
    const { useCases, calls } = createInMemoryUseCases([]);

    const result = await start(useCases, changes, { filter });

    expect('errors' in result && errorsOf(result)).toEqual([{ message, code: 'BAD_USER_INPUT' }]);
    expect(calls).toEqual([]);
  });

  it('ends with an error as its last event when the source fails, instead of breaking the connection', async () => {
    const { useCases } = createInMemoryUseCases([], {
      watchTaskChanges: async () =>
        (async function* () {
          yield imageTask(1);
          throw new RefetchRequiredError();
        })(),
    });

    const live = await started(useCases, changes);
    const [first, second, third] = [await live.next(), await live.next(), await live.next()];

    expect(first.value).toEqual({ data: { taskChanges: { id: taskId(1) } } });
    expect(second.value?.errors?.map((error: unknown) => maskError(error).extensions)).toEqual([
      { code: 'REFETCH_REQUIRED' },
    ]);
    expect(third.done).toBe(true);
  });

  it('lets go of the source at once when the caller leaves, even while nothing happens', async () => {
    const { promise: left, resolve } = Promise.withResolvers<string>();
    const silent: AsyncIterable<Task> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          resolve('let go');
          return { done: true, value: undefined };
        },
      }),
    };
    const { useCases } = createInMemoryUseCases([], { watchTaskChanges: async () => silent });
    const live = await started(useCases, changes);

    void live.next();
    void live.return(undefined);

    expect(await left).toBe('let go');
  });
});
