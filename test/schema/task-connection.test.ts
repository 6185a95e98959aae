import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../schema/cursor.ts';
import { ask, errorsOf } from './ask.ts';
import { createInMemoryUseCases, imageTask, taskId } from './in-memory-use-cases.ts';

const one = encodeCursor(taskId(1));
const two = encodeCursor(taskId(2));

describe('the page that tasks asks for', () => {
  it.each([
    ['', { first: 20 }],
    ['(first: 1)', { first: 1 }],
    ['(first: 100)', { first: 100 }],
    ['(last: 100)', { last: 100 }],
    ['(first: null, last: null, after: null, before: null)', { first: 20 }],
    [`(after: "${one}")`, { first: 20, after: taskId(1) }],
    [`(before: "${one}")`, { last: 20, before: taskId(1) }],
    [`(last: 5, before: "${one}")`, { last: 5, before: taskId(1) }],
    [`(first: 5, after: "${one}", before: "${two}")`, { first: 5, after: taskId(1), before: taskId(2) }],
  ])('is for %j %j', async (pageArguments, expected) => {
    const { useCases, calls } = createInMemoryUseCases([]);

    expect(errorsOf(await ask(useCases, `{ tasks${pageArguments} { asOf } }`))).toEqual([]);

    expect(calls).toEqual([['listTasks', { owner: 'alice' }, expected, {}]]);
  });

  it.each([
    ['first: 0', 'first must be from 1 to 100, not 0.'],
    ['first: -1', 'first must be from 1 to 100, not -1.'],
    ['first: 101', 'first must be from 1 to 100, not 101.'],
    ['last: 2147483647', 'last must be from 1 to 100, not 2147483647.'],
    ['first: 5, last: 5', 'first and last exclude each other: use first to page forwards, last to page backwards.'],
    ['after: ""', 'after must be a cursor that this API returned, such as pageInfo.endCursor.'],
    ['before: "tomorrow"', 'before must be a cursor that this API returned, such as pageInfo.endCursor.'],
  ])('is refused for %j', async (pageArguments, message) => {
    const { useCases, calls } = createInMemoryUseCases([]);

    const result = await ask(useCases, `{ tasks(${pageArguments}) { asOf } }`);

    expect(errorsOf(result)).toEqual([{ message, code: 'BAD_USER_INPUT' }]);
    expect(result.data).toEqual({ tasks: null });
    expect(calls).toEqual([]);
  });
});

describe('a cursor', () => {
  it('leads back to its task', () => {
    expect(decodeCursor('after', encodeCursor(taskId(3)))).toBe(taskId(3));
  });

  it.each([
    taskId(1),
    `${one}=`,
    ` ${one}`,
    Buffer.from(`task:2:${taskId(1)}`).toString('base64url'),
    Buffer.from('task:1:1').toString('base64url'),
    Buffer.from(`task:1:${taskId(1)}`)
      .toString('base64')
      .slice(0, -1),
    '\0',
  ])('is refused as %j', (cursor) => {
    expect(() => decodeCursor('after', cursor)).toThrow('after must be a cursor');
  });
});

describe('the count of a list', () => {
  it('is not taken unless asked for', async () => {
    const { useCases, calls } = createInMemoryUseCases([imageTask(1)]);

    await ask(useCases, '{ tasks { nodes { __typename } pageInfo { hasNextPage } } }');

    expect(calls.map(([useCase]) => useCase)).toEqual(['listTasks']);
  });

  it('is taken once for both of its fields', async () => {
    const { useCases, calls } = createInMemoryUseCases([imageTask(1)]);

    const { data } = await ask(useCases, '{ tasks { totalCount totalCountIsExact } }');

    expect(data).toEqual({ tasks: { totalCount: 1, totalCountIsExact: true } });
    expect(calls.filter(([useCase]) => useCase === 'countTasks')).toHaveLength(1);
  });
});

it('gives every task its cursor, and the page those of its ends', async () => {
  const { useCases } = createInMemoryUseCases([imageTask(2), imageTask(1)]);

  const { data } = await ask(
    useCases,
    '{ tasks { edges { cursor node { ... on AigcTask { id } } } pageInfo { startCursor endCursor hasNextPage } } }',
  );

  expect(data).toEqual({
    tasks: {
      edges: [
        { cursor: two, node: { id: taskId(2) } },
        { cursor: one, node: { id: taskId(1) } },
      ],
      pageInfo: { startCursor: two, endCursor: one, hasNextPage: false },
    },
  });
});

describe('a filter', () => {
  const query = 'query ($filter: TaskFilter) { tasks(filter: $filter) { asOf } }';

  it('keeps what was said, empty lists too, and drops nulls', async () => {
    const { useCases, calls } = createInMemoryUseCases([]);
    const filter = {
      kinds: [],
      statuses: ['WAIT', 'RUN'],
      operator: '',
      search: null,
      createdAfter: '2026-07-01T00:00:00Z',
    };

    await ask(useCases, query, { filter });

    expect(calls[0]?.[3]).toEqual({
      kinds: [],
      statuses: ['WAIT', 'RUN'],
      operator: '',
      createdAfter: new Date('2026-07-01T00:00:00Z'),
    });
  });

  const words = 'ab '.repeat(100);

  it.each([
    [{ kinds: Array.from({ length: 101 }, () => 'IMAGE') }, 'filter.kinds must have at most 100 items, not 101.'],
    [
      { modelNames: Array.from({ length: 101 }, () => 'Kling') },
      'filter.modelNames must have at most 100 items, not 101.',
    ],
    [{ modelNames: ['K\0'] }, 'Each of filter.modelNames must be Unicode text without NUL characters.'],
    [{ operator: words }, 'filter.operator must have at most 255 characters, not 300.'],
    [{ search: words }, 'filter.search must have at most 200 characters, not 300.'],
    [{ search: 'a\0b' }, 'filter.search must be Unicode text without NUL characters.'],
    [{ search: 'half of an emoji: \ud83d' }, 'filter.search must be Unicode text without NUL characters.'],
  ])('is refused when out of bounds (%#)', async (filter, message) => {
    const { useCases, calls } = createInMemoryUseCases([]);

    expect(errorsOf(await ask(useCases, query, { filter }))).toEqual([{ message, code: 'BAD_USER_INPUT' }]);
    expect(calls).toEqual([]);
  });
});
