import { describe, expect, it } from 'vitest';
import { ask, contextOver, errorsOf } from './ask.ts';
import { createInMemoryUseCases, imageTask, taskId } from './in-memory-use-cases.ts';

const file = { type: 'IMAGE', url: 'https://cos.example/1.png', duration: null } as const;
const tasks = [imageTask(2, { files: [file, file] }), imageTask(1, { retryOf: taskId(2) })];

describe('nodes', () => {
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

  it('keeps the order of the ids, and puts null where there is nothing', async () => {
    const { useCases, calls } = createInMemoryUseCases(tasks);
    const ids = [
      taskId(1),
      'nonsense',
      `${taskId(2)}_1`,
      taskId(9),
      `${taskId(2)}_2`,
      `${taskId(2)}_01`,
      taskId(2),
      '',
    ];

    const { data } = await ask(useCases, query, { ids });

    expect(data?.['nodes']).toEqual([
      { __typename: 'ImageTask', id: taskId(1) },
      null,
      { __typename: 'ImageFile', id: `${taskId(2)}_1` },
      null,
      null,
      null,
      { __typename: 'ImageTask', id: taskId(2) },
      null,
    ]);
    expect(calls.map(([useCase]) => useCase)).toEqual(['findTasks']);
  });

  it('takes 100 ids and refuses 101', async () => {
    const { useCases } = createInMemoryUseCases(tasks);
    const ids = Array.from({ length: 101 }, () => taskId(1));

    expect(errorsOf(await ask(useCases, query, { ids: ids.slice(1) }))).toEqual([]);
    expect(errorsOf(await ask(useCases, query, { ids }))).toEqual([
      { message: 'ids must have at most 100 items, not 101.', code: 'BAD_USER_INPUT' },
    ]);
  });
});

describe('reads of one moment', () => {
  it('are one read for the histories of a page', async () => {
    const { useCases, calls } = createInMemoryUseCases(tasks);

    await ask(useCases, '{ tasks { nodes { ... on AigcTask { history { status } retryOf { __typename } } } } }');

    expect(calls.filter(([useCase]) => useCase === 'findHistories')).toEqual([
      ['findHistories', { owner: 'alice' }, [taskId(2), taskId(1)]],
    ]);
    expect(calls.filter(([useCase]) => useCase === 'findTasks')).toEqual([
      ['findTasks', { owner: 'alice' }, [taskId(2)]],
    ]);
  });

  it('are not remembered for the next one', async () => {
    const { useCases, calls } = createInMemoryUseCases(tasks);
    const { loaders } = contextOver(useCases);

    await loaders.task.load(taskId(1));
    await loaders.task.load(taskId(1));

    expect(calls).toHaveLength(2);
  });
});

it('asks for no upstream id that no database could hold', async () => {
  const { useCases, calls } = createInMemoryUseCases(tasks);

  const { data } = await ask(
    useCases,
    'query ($id: String!) { taskByUpstreamId(upstreamTaskId: $id) { __typename } }',
    {
      id: '4-AigcImage-\0',
    },
  );

  expect(data).toEqual({ taskByUpstreamId: null });
  expect(calls).toEqual([]);
});
