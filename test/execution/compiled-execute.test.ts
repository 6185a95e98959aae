import { setImmediate } from 'node:timers/promises';
import { buildSchema, type ExecutionArgs, GraphQLScalarType, parse } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { expect, it, test } from 'vitest';
import { createCompiledExecute } from '../../src/execution/compiled-execute.ts';

it.each([
  ['a mutation', 'mutation { set }'],
  ['a subscription', 'subscription { count }'],
  ['introspection', '{ text __schema { queryType { name } } }'],
  ['a directive that changes how it is executed', 'query @experimental_disableErrorPropagation { text }'],
  ['a condition that is null', 'query ($is: Boolean = true) { text @include(if: $is) }'],
  ['a wrong variable', 'query ($is: Boolean!) { text @include(if: $is) }'],
  [
    'more than four conditions',
    `query (${[1, 2, 3, 4, 5].map((one) => `$c${one}: Boolean!`).join()}) {
    ${[1, 2, 3, 4, 5].map((one) => `text @skip(if: $c${one})`).join(' ')}
  }`,
  ],
])('leaves %s to another executor', (_what, source) => {
  const schema = buildSchema('type Query { text: String } type Mutation { set: Int } type Subscription { count: Int }');
  const variableValues = { is: null, c1: true, c2: true, c3: true, c4: true, c5: true };
  expect(createCompiledExecute(schema)({ schema, document: parse(source), variableValues })).toBeNull();
});

test('what is still under way when the answer is complete goes no further', async () => {
  const started: string[] = [];
  const { promise, resolve } = Promise.withResolvers<object>();
  const schema = createSchema({
    typeDefs: 'type Query { broken: Int! late: Query text: String }',
    resolvers: {
      Query: {
        broken: () => Promise.reject(new Error('broken')),
        late: () => promise,
        text: () => void started.push('text'),
      },
    },
  });
  const args: ExecutionArgs = { schema, document: parse('{ late { text } broken }') };
  const result = await createCompiledExecute(schema)(args);
  expect(result).toMatchObject({ data: null, errors: [{ message: 'broken', path: ['broken'] }] });
  resolve({});
  await setImmediate();
  expect(started).toEqual([]);
});

test('a resolver may change its arguments: the next call has its own', async () => {
  const schema = createSchema({
    typeDefs: 'type Query { list: [Query!]! sum(of: [Int!]!): Int }',
    resolvers: {
      Query: {
        list: () => [{}, {}],
        sum: (_query, input: { of?: number[] }) => {
          const sum = input.of?.reduce((before, value) => before + value);
          delete input.of;
          return sum;
        },
      },
    },
  });
  const result = await createCompiledExecute(schema)({ schema, document: parse('{ list { sum(of: [1, 2]) } }') });
  expect(result?.stringify(result)).toBe('{"data":{"list":[{"sum":3},{"sum":3}]}}');
});

test('a value that JSON leaves out is an error of its field', async () => {
  const Anything = new GraphQLScalarType({ name: 'Anything', coerceOutputValue: () => () => {} });
  const schema = createSchema({
    typeDefs: 'scalar Anything type Query { text: String any: Anything }',
    resolvers: { Anything, Query: { any: () => 1 } },
  });
  const result = await createCompiledExecute(schema)({ schema, document: parse('{ any text }') });
  expect(result).toMatchObject({ errors: [{ path: ['any'] }] });
  expect(result?.stringify(result)).toMatch(/"data":\{"any":null,"text":null\}\}$/);
});

test('who does not ask for the text has the data as objects', async () => {
  const schema = createSchema({ typeDefs: 'type Query { text: String }', resolvers: { Query: { text: () => '"' } } });
  const result = await createCompiledExecute(schema)({ schema, document: parse('{ text again: text }') });
  expect(JSON.parse(JSON.stringify(result))).toEqual({ data: { text: '"', again: '"' } });
});
