import { type ExecutionResult, parse, subscribe } from 'graphql';
import { describe, expect, it } from 'vitest';
import { maskError } from '../../schema/errors.ts';
import { schema } from '../../schema/index.ts';
import { encodePlace } from '../../src/domain/task/change-place.ts';
import { RefetchRequiredError } from '../../src/domain/errors.ts';
import type { TaskChange } from '../../src/domain/task/task-change.ts';
import type { UseCases } from '../../src/tasks/use-cases.ts';
import { contextOver, errorsOf } from './ask.ts';
import { changeOf, createInMemoryUseCases, imageTask, somePlace, taskId } from './in-memory-use-cases.ts';

const changes =
  'subscription ($filter: TaskChangeFilter, $after: ChangeCursor) { taskChanges(filter: $filter, after: $after) { type taskId cursor task { ... on AigcTask { id } } } }';

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
  it('hands over the filter and the place', async () => {
    const { useCases, calls } = createInMemoryUseCases([], { watchTaskChanges: async () => (async function* () {})() });

    await started(useCases, changes, { filter: { kinds: ['VIDEO'], operator: null }, after: encodePlace(somePlace) });

    expect(calls).toEqual([['watchTaskChanges', { owner: 'alice' }, { kinds: ['VIDEO'] }, somePlace]]);
  });

  it.each(['', 'nonsense', '2026-07-01T00:00:00Z', encodePlace(somePlace).slice(0, -2), `${encodePlace(somePlace)}=`])(
    'refuses a cursor that it did not make: "%s"',
    async (after) => {
      const { useCases, calls } = createInMemoryUseCases([]);

      const inVariable = await start(useCases, changes, { after });
      const inText = await start(useCases, `subscription { taskChanges(after: "${after}") { type } }`);

      for (const result of [inVariable, inText]) {
        expect('errors' in result && result.errors?.map((error) => maskError(error).toJSON())).toMatchObject([
          { message: expect.stringContaining('after must be a ChangeCursor'), extensions: { code: 'BAD_USER_INPUT' } },
        ]);
      }
      expect(calls).toEqual([]);
    },
  );

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
          yield changeOf(imageTask(1), 'CREATED');
          throw new RefetchRequiredError();
        })(),
    });

    const live = await started(useCases, changes);
    const [first, second, third] = [await live.next(), await live.next(), await live.next()];

    const change = { type: 'CREATED', taskId: taskId(1), cursor: encodePlace(somePlace), task: { id: taskId(1) } };
    expect(first.value).toEqual({ data: { taskChanges: change } });
    expect(second.value?.errors?.map((error: unknown) => maskError(error).extensions)).toEqual([
      { code: 'REFETCH_REQUIRED' },
    ]);
    expect(third.done).toBe(true);
  });

  it('lets go of the source at once when the caller leaves, even while nothing happens', async () => {
    const { promise: left, resolve } = Promise.withResolvers<string>();
    const silent: AsyncIterable<TaskChange> = {
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
