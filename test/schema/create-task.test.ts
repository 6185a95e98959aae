import { createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import {
  IdempotencyConflictError,
  InvalidInputError,
  QuotaExceededError,
  TaskNotFoundError,
} from '../../src/domain/errors.ts';
import { ask, contextOver, errorsOf } from './ask.ts';
import { createInMemoryUseCases, imageTask, taskId } from './in-memory-use-cases.ts';

const create = `mutation ($input: CreateImageTaskInput!) {
  createImageTask(input: $input) {
    __typename
    ... on CreateImageTaskPayload { task { id } }
    ... on UserError { message }
    ... on InvalidInputError { issues { path code message } }
    ... on IdempotencyConflictError { task { ... on AigcTask { id } } }
    ... on QuotaExceededError { retryAfterSeconds }
  }
}`;

describe('createImageTask', () => {
  it('hands over the request without the key and without what was not said', async () => {
    const { useCases, calls } = createInMemoryUseCases([], { createTask: async () => imageTask(1) });

    const { data } = await ask(useCases, create, {
      input: {
        prompt: 'A lighthouse',
        sceneType: null,
        model: { name: 'Kling', version: null },
        referenceImages: [],
        additionalParameters: { seed: null, tags: [] },
        idempotencyKey: 'key-1',
      },
    });

    expect(data).toMatchObject({ createImageTask: { __typename: 'CreateImageTaskPayload', task: { id: taskId(1) } } });
    expect(calls).toContainEqual([
      'createTask',
      { owner: 'alice' },
      {
        kind: 'IMAGE',
        prompt: 'A lighthouse',
        model: { name: 'Kling' },
        additionalParameters: { seed: null, tags: [] },
      },
      'key-1',
      null,
    ]);
  });

  const issue = { path: ['referenceImages', '0', 'url'], code: 'NOT_A_URL' as const, message: 'Not a URL.' };

  it.each([
    [new InvalidInputError([issue]), { __typename: 'InvalidInputError', issues: [issue] }],
    [new IdempotencyConflictError(imageTask(7)), { __typename: 'IdempotencyConflictError', task: { id: taskId(7) } }],
    [new QuotaExceededError('Too many.', 30), { __typename: 'QuotaExceededError', retryAfterSeconds: 30 }],
  ])('answers %s as data', async (error, expected) => {
    const { useCases } = createInMemoryUseCases([], { createTask: () => Promise.reject(error) });

    const { data, errors } = await ask(useCases, create, { input: { prompt: 'A lighthouse' } });

    expect(errors).toBeUndefined();
    expect(data?.['createImageTask']).toEqual({ message: error.message, ...expected });
  });

  it('does not pass off another error as one of the union', async () => {
    const { useCases } = createInMemoryUseCases([], { createTask: () => Promise.reject(new TaskNotFoundError()) });

    const { data, errors } = await ask(useCases, create, { input: { prompt: 'A lighthouse' } });

    expect(data).toEqual({ createImageTask: null });
    expect(errors).toHaveLength(1);
  });
});

const literal = `mutation ($seed: Int, $unset: String) {
  createImageTask(input: { prompt: "A lighthouse", additionalParameters: {
    size: "1024x1024", steps: 20, scale: 7.5, raw: false, none: null, seeds: [1, $seed, $unset], inner: { seed: $seed }, left: $unset
  } }) { __typename }
}`;

describe('JSON written into the document', () => {
  const parameters = {
    size: '1024x1024',
    steps: 20,
    scale: 7.5,
    raw: false,
    none: null,
    seeds: [1, 42, null],
    inner: { seed: 42 },
  };

  it('may contain variables', async () => {
    const { useCases, calls } = createInMemoryUseCases([], { createTask: async () => imageTask(1) });

    expect(errorsOf(await ask(useCases, literal, { seed: 42 }))).toEqual([]);

    expect(calls[0]?.[2]).toMatchObject({ additionalParameters: parameters });
  });

  it("may contain variables in the server's own executor, too", async () => {
    const { useCases, calls } = createInMemoryUseCases([], { createTask: async () => imageTask(1) });
    const yoga = createYoga({ schema, context: () => contextOver(useCases), logging: false });

    await yoga.fetch('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: literal, variables: { seed: 42 } }),
    });

    expect(calls[0]?.[2]).toMatchObject({ additionalParameters: parameters });
  });
});

it('answers a bad key for a retry as data', async () => {
  const { useCases } = createInMemoryUseCases([], {
    retryTask: () =>
      Promise.reject(new InvalidInputError([{ path: ['idempotencyKey'], code: 'TOO_LONG', message: '255.' }])),
  });
  const retry = `mutation { retryTask(input: { id: "1", idempotencyKey: "x" }) { ... on InvalidInputError { issues { code } } } }`;

  expect((await ask(useCases, retry)).data).toEqual({ retryTask: { issues: [{ code: 'TOO_LONG' }] } });
});
