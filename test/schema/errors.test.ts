import { GraphQLError } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { maskError } from '../../schema/errors.ts';
import { schema } from '../../schema/index.ts';
import {
  RefetchRequiredError,
  TaskNotFoundError,
  TemporarilyUnavailableError,
  TooManyAtOnceError,
} from '../../src/domain/errors.ts';
import type { TaskStatus } from '../../src/domain/task/task.ts';
import type { UseCases } from '../../src/tasks/use-cases.ts';
import { contextOver } from './ask.ts';
import { createInMemoryUseCases, imageTask, somePlace } from './in-memory-use-cases.ts';

const neutral = { message: 'Something went wrong here. It was not your mistake.', code: 'INTERNAL_SERVER_ERROR' };

/** What goes over the wire, from the real server with our masking. */
async function send(
  query: string,
  { variables = {}, useCases = {} }: { variables?: object; useCases?: Partial<UseCases> } = {},
) {
  const yoga = createYoga({
    schema,
    context: () => contextOver(createInMemoryUseCases([imageTask(1)], useCases).useCases),
    maskedErrors: { maskError },
    logging: false,
  });
  const response = await yoga.fetch('http://gateway/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const { errors } = JSON.parse(text);
  return { text, errors: errors.map(({ message, extensions }: GraphQLError) => ({ message, ...extensions })) };
}

describe('errors on the wire', () => {
  it.each([
    ['a syntax error', '{ tasks', {}, 'GRAPHQL_PARSE_FAILED', 'Syntax Error'],
    ['an unknown field', '{ taks { asOf } }', {}, 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field "taks"'],
    ['an unused variable', 'query ($a: Int) { __typename }', {}, 'GRAPHQL_VALIDATION_FAILED', 'never used'],
    ['a wrong literal', '{ tasks(first: "all") { asOf } }', {}, 'GRAPHQL_VALIDATION_FAILED', 'Int cannot represent'],
    ['a wrong variable', 'query ($n: Int) { tasks(first: $n) { asOf } }', { n: 'all' }, 'BAD_USER_INPUT', 'Int cannot'],
    ['a missing variable', 'query ($id: ID!) { task(id: $id) { __typename } }', {}, 'BAD_USER_INPUT', '$id'],
    [
      'a wrong moment',
      'query ($t: DateTime) { tasks(filter: { createdAfter: $t }) { asOf } }',
      { t: '2026-02-30T00:00:00Z' },
      'BAD_USER_INPUT',
      'DateTime must be an RFC 3339 moment',
    ],
    ['an argument out of bounds', '{ tasks(first: 500) { asOf } }', {}, 'BAD_USER_INPUT', 'from 1 to 100, not 500'],
    ['an operation too large', `{ ${deep()} }`, {}, 'TOO_COMPLEX', 'depth is'],
  ])('tell a caller of %s', async (_mistake, query, variables, code, words) => {
    const { errors } = await send(query, { variables });

    expect(errors[0]).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it.each([
    ['of a list', '{ tasks { asOf } }', { listTasks: () => Promise.reject(new Error('password=hunter2')) }],
    ['of a batch', '{ task(id: "1") { __typename } }', { findTasks: () => Promise.reject(new Error('hunter2')) }],
    ['that is no error', '{ tasks { asOf } }', { listTasks: () => Promise.reject('hunter2') }],
    [
      'that GraphQL itself found in a value of ours',
      '{ tasks { nodes { ... on AigcTask { pollCount } } } }',
      { listTasks: () => pageOf({ pollCount: Number('hunter2') }) },
    ],
    [
      'that GraphQL found in an enum of ours',
      '{ tasks { nodes { ... on AigcTask { status } } } }',
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a status that can't be
      { listTasks: () => pageOf({ status: 'hunter2' as TaskStatus }) },
    ],
    [
      'that hides behind a code',
      '{ tasks { asOf } }',
      {
        listTasks: () => Promise.reject(new GraphQLError('hunter2', { extensions: { code: 'INTERNAL_SERVER_ERROR' } })),
      },
    ],
  ])('hide a failure %s', async (_failure, query, useCases: Partial<UseCases>) => {
    const { text, errors } = await send(query, { useCases });

    expect(errors).toEqual([neutral]);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('stack');
  });

  it('tell where a failure was, so that a client knows what is missing', async () => {
    const failing = { listTasks: () => Promise.reject(new Error('hunter2')) };

    const { text } = await send('{ found: tasks { asOf } }', { useCases: failing });

    expect(JSON.parse(text)).toMatchObject({
      data: { found: null },
      errors: [{ path: ['found'], locations: [{ line: 1 }] }],
    });
  });
});

function deep(): string {
  const nested = (levels: number): string =>
    levels ? `... on AigcTask { retryOf { ${nested(levels - 1)} } }` : '__typename';
  return `task(id: "1") { ${nested(12)} }`;
}

async function pageOf(changes: Parameters<typeof imageTask>[1]) {
  return {
    tasks: [imageTask(1, changes)],
    hasNextPage: false,
    hasPreviousPage: false,
    asOf: new Date(0),
    place: somePlace,
  };
}

/** The header is for the server: over HTTP it is one, and nowhere is it told in the answer. */
const patience = (seconds: number) => ({
  retryAfterSeconds: seconds,
  http: { headers: { 'Retry-After': String(seconds) } },
});
const unavailable = { code: 'SERVICE_UNAVAILABLE', ...patience(5) };
const rateLimited = { code: 'RATE_LIMITED', ...patience(1) };

describe('maskError', () => {
  it.each([
    [new TaskNotFoundError(), { code: 'NOT_FOUND' }],
    [new RefetchRequiredError(), { code: 'REFETCH_REQUIRED' }],
    [new TemporarilyUnavailableError('The database is away.', { retryAfterSeconds: 5 }), unavailable],
    [new TooManyAtOnceError('Twenty wait already.'), rateLimited],
  ])('gives %s its code and what goes with it, and keeps its words', (error, extensions) => {
    const located = new GraphQLError(error.message, { originalError: error, path: ['taskStatus'] });

    expect(maskError(error)).toMatchObject({ message: error.message, extensions });
    expect(maskError(located).toJSON()).toEqual({ message: error.message, path: ['taskStatus'], extensions });
  });

  it('leaves an error of the caller as it is, so that it is not logged as one of ours', () => {
    const error = new GraphQLError('Slow down.', { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 3 } });

    expect(maskError(error)).toBe(error);
  });

  it('takes away what is not public, and keeps the HTTP status', () => {
    const error = new GraphQLError('Not JSON.', {
      extensions: { code: 'BAD_REQUEST', http: { status: 400 }, originalError: { message: 'the whole body' } },
    });

    expect(maskError(error).extensions).toEqual({ code: 'BAD_USER_INPUT', http: { status: 400 } });
  });
});
