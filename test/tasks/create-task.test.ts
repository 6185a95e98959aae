import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IdempotencyConflictError, InvalidInputError } from '../../src/domain/errors.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';
import { createUseCases } from '../../src/tasks/use-cases.ts';
import { accepted, claimTask, record } from '../store/task-states.ts';
import { createImage } from '../support/documents.ts';
import { startTestGateway } from '../support/gateway.ts';
import { ada, countTasks, grace, openTasks, type TestTasks } from './open-tasks.ts';

const lighthouse: TaskRequest = { kind: 'IMAGE', prompt: 'a lighthouse', model: { name: 'GEM', version: '2.5' } };

test('a task is recorded, handed over to be sent, and answered as it is', async () => {
  await using tasks = await openTasks();
  const task = await tasks.useCases.createTask(ada, lighthouse, null);
  expect(task).toMatchObject({
    state: 'held',
    status: 'WAIT',
    revision: 1,
    mode: 'TEXT_TO_IMAGE',
    request: lighthouse,
  });
  expect(tasks.handedOver).toEqual([task.id]);
});

test('the answer waits for the upstream’s word, and no longer', async () => {
  await using tasks = await openTasks({ createWaitMs: 10_000 });
  const creating = tasks.useCases.createTask(ada, lighthouse, null);
  await expect.poll(() => tasks.handedOver).toHaveLength(1);
  const [id = ''] = tasks.handedOver;
  const moved = await record(tasks.database, await claimTask(tasks.database, id), accepted('4-AigcImage-1'));
  if (moved) tasks.dependencies.announcer.changed(moved);
  expect(await creating).toMatchObject({ id, upstreamTaskId: '4-AigcImage-1', revision: 2 });
});

test('the same key and request give the same task, whatever became of it, and send nothing', async () => {
  await using tasks = await openTasks();
  const { createTask, cancelTask } = tasks.useCases;
  const first = await createTask(ada, lighthouse, 'key');
  expect(await createTask(ada, lighthouse, 'key')).toEqual(first);
  const canceled = await cancelTask(ada, first.id);
  expect(await createTask(ada, lighthouse, 'key')).toEqual(canceled);
  expect(tasks.handedOver).toEqual([first.id]);
  // The controls: another key, another caller, no key.
  for (const [caller, key] of [
    [ada, 'other'],
    [grace, 'key'],
    [ada, null],
    [ada, null],
  ] as const) {
    await createTask(caller, lighthouse, key);
  }
  expect(new Set(tasks.handedOver).size).toBe(5);
});

test('a key that was used with the sandbox stands for nothing with the vendor, and both answer for themselves', async () => {
  await using tasks = await openTasks();
  const [sandbox, vendor] = ['sandbox/-/test', 'mps.intl.tencentcloudapi.com/-/test'].map((account) =>
    createUseCases({ ...tasks.dependencies, account, tryFileUrl: async () => null }),
  );
  const rehearsed = await sandbox?.createTask(ada, lighthouse, 'key');
  const made = await vendor?.createTask(ada, { ...lighthouse, prompt: 'another' }, 'key');
  expect(tasks.handedOver).toEqual([rehearsed?.id, made?.id]);
  expect(made?.account).toBe('mps.intl.tencentcloudapi.com/-/test');
  expect(await sandbox?.createTask(ada, lighthouse, 'key')).toEqual(rehearsed);
  expect(await vendor?.createTask(ada, { ...lighthouse, prompt: 'another' }, 'key')).toEqual(made);
});

test('the same request with its fields in another order is the same', async () => {
  await using tasks = await openTasks();
  const request: TaskRequest = { model: { version: '2.5', name: 'GEM' }, prompt: 'a lighthouse', kind: 'IMAGE' };
  const first = await tasks.useCases.createTask(ada, lighthouse, 'key');
  expect((await tasks.useCases.createTask(ada, request, 'key')).id).toBe(first.id);
});

test('a request full of mistakes is refused with the first twenty of them', async () => {
  await using tasks = await openTasks();
  const words = Array.from({ length: 15 }, () => 'no URL');
  const request: TaskRequest = {
    kind: 'AUDIO',
    referenceAudios: words,
    additionalParameters: { lyrics: '\0'.repeat(9).split('') },
  };
  const refusal = await tasks.useCases.createTask(ada, request, null).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(InvalidInputError);
  const codes = refusal instanceof InvalidInputError ? refusal.issues.map(({ code }) => code) : [];
  expect(codes).toEqual([...words.map(() => 'NOT_A_URL'), ...Array.from({ length: 5 }, () => 'MALFORMED')]);
});

test.each<[string, TaskRequest]>([
  ['another prompt', { ...lighthouse, prompt: 'a  lighthouse' }],
  ['one field more', { ...lighthouse, outputImageCount: 1 }],
  ['another version', { ...lighthouse, model: { name: 'GEM', version: '3.0' } }],
  ['another kind', { kind: 'VIDEO', prompt: 'a lighthouse' }],
])('a key that was used for another request is refused with the task that has it: %s', async (_name, request) => {
  await using tasks = await openTasks();
  const first = await tasks.useCases.createTask(ada, lighthouse, 'key');
  const refusal = await tasks.useCases.createTask(ada, request, 'key').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(IdempotencyConflictError);
  expect(refusal).toMatchObject({ task: first });
  expect(await countTasks(tasks.database)).toBe(1);
});

describe('a key', () => {
  let tasks: TestTasks;
  beforeAll(async () => {
    tasks = await openTasks();
  });
  afterAll(() => tasks[Symbol.asyncDispose]());

  test.each([
    ['', 'REQUIRED'],
    [' \t', 'REQUIRED'],
    ['x'.repeat(256), 'TOO_LONG'],
    ['🐱'.repeat(256), 'TOO_LONG'],
    ['a\0b', 'MALFORMED'],
    ['a\ud800b', 'MALFORMED'],
  ])('of %j is refused as %s', async (key, code) => {
    const refusal = await tasks.useCases.createTask(ada, lighthouse, key).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidInputError);
    expect(refusal).toMatchObject({ issues: [{ path: ['idempotencyKey'], code }] });
    expect(tasks.handedOver).toEqual([]);
  });

  test.each(['x', 'x'.repeat(255), '🐱'.repeat(255), ' key ', "'; drop table task; --"])(
    'of %j is taken as it is',
    async (key) => {
      const first = await tasks.useCases.createTask(ada, lighthouse, key);
      expect((await tasks.useCases.createTask(ada, lighthouse, key)).id).toBe(first.id);
      expect((await tasks.useCases.createTask(ada, lighthouse, `${key.slice(0, 100)}~`)).id).not.toBe(first.id);
    },
  );
});

test('a request that breaks the rules records nothing, and leaves its key free', async () => {
  await using tasks = await openTasks();
  const broken: TaskRequest = { kind: 'IMAGE' };
  await expect(tasks.useCases.createTask(ada, broken, 'key')).rejects.toThrow(InvalidInputError);
  expect(await countTasks(tasks.database)).toBe(0);
  expect(await tasks.useCases.createTask(ada, lighthouse, 'key')).toMatchObject({ status: 'WAIT' });
});

test('twenty creates at once with one key are one task, sent once', async () => {
  await using gateway = await startTestGateway();
  const input = { prompt: 'a lighthouse', idempotencyKey: 'key' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.ask(createImage, { input })));
  const ids = answers.map(({ createImageTask: created }) =>
    created?.__typename === 'CreateImageTaskPayload' ? created.task.id : created?.__typename,
  );
  expect(new Set(ids).size).toBe(1);
  expect(gateway.gateway.sandbox?.tasks()).toHaveLength(1);
  // The control: the upstream would have taken another.
  await gateway.ask(createImage, { input: { ...input, idempotencyKey: 'other' } });
  expect(gateway.gateway.sandbox?.tasks()).toHaveLength(2);
});

test('null, absent and empty fields are the same request over GraphQL; another one is a conflict', async () => {
  await using gateway = await startTestGateway();
  const send = async (input: { prompt: string; [field: string]: unknown }) =>
    (await gateway.ask(createImage, { input: { ...input, idempotencyKey: 'key' } })).createImageTask;
  const first = await send({ prompt: 'a lighthouse' });
  const again = await send({ prompt: 'a lighthouse', negativePrompt: null, referenceImages: [], model: null });
  if (first?.__typename !== 'CreateImageTaskPayload' || again?.__typename !== 'CreateImageTaskPayload') {
    throw new Error(JSON.stringify([first, again]));
  }
  expect(again.task.id).toBe(first.task.id);
  expect(await send({ prompt: 'another' })).toMatchObject({ __typename: 'IdempotencyConflictError' });
  expect(gateway.gateway.sandbox?.tasks()).toHaveLength(1);
});
