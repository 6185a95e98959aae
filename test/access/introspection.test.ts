import { buildClientSchema, getIntrospectionQuery, printSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { openAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { operation, times } from './attacks/operation.ts';
import { callAs, namedCallers } from './named-callers.ts';
import { overEventStream, overHttp, overWebSocket } from './transports.ts';

const everyWay = [overHttp, overWebSocket, overEventStream];

let open: TestGateway;
let silent: TestGateway;
beforeAll(async () => {
  open = await startTestGateway();
  silent = await startTestGateway({ access: { ...openAccess, introspection: false } });
});
afterAll(async () => {
  await open[Symbol.asyncDispose]();
  await silent[Symbol.asyncDispose]();
});

/** What tools send: GraphiQL, urql and the code generator; those that ask for everything; and those that first look what there is. */
const whatToolsSend = {
  'with descriptions': getIntrospectionQuery(),
  'without descriptions': getIntrospectionQuery({ descriptions: false }),
  'with everything': getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
    typeDepth: 15,
  }),
  'for what there is': `{ ${times(5, (index) => `a${index}: __type(name: "__Schema") { name fields(includeDeprecated: true) { name args { name } } }`)} }`,
  'for types that stand for others': '{ __schema { types { kind name possibleTypes { name } } } }',
};

describe('without configuration, anyone may ask for the schema', () => {
  test('and gets all of it', async () => {
    const answers = await Promise.all(
      everyWay.map((send) => send(open.url, operation(whatToolsSend['with everything']))),
    );
    for (const { data } of answers) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as long as it can be built
      expect(printSchema(buildClientSchema(data as never))).toBe(printSchema(schema));
    }
  });

  test.each(Object.entries(whatToolsSend))('%s', async (_how, query) => {
    expect(await overHttp(open.url, operation(query))).toMatchObject({ errors: [] });
  });
});

test('with authentication, only who is known may ask for the schema', async () => {
  await using running = await startTestGateway({}, { authentication: namedCallers });
  await using known = callAs('ada', running.url);
  const query = getIntrospectionQuery();

  const unknown = await overHttp(running.url, operation(query));
  expect(unknown).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(unknown.data).toBeUndefined();
  expect(await known.ask(query)).toMatch(/^200 .*"CreateImageTaskInput"/);
});

describe('switched off', () => {
  test.each([
    ['the schema', '{ __schema { types { name } } }'],
    ['the schema, by a tool', getIntrospectionQuery()],
    ['a type', '{ __type(name: "Query") { name } }'],
    ['a type, by a fragment', '{ ...F } fragment F on Query { t: __type(name: "Query") { name } }'],
    ['a type, beside a task', '{ task(id: "1") { __typename } __type(name: "Query") { name } }'],
  ])('it tells nobody of %s, over any transport', async (_what, query) => {
    const answers = await Promise.all(everyWay.map((send) => send(silent.url, operation(query))));
    for (const { data, errors, bytes } of answers) {
      expect(data ?? null).toBeNull();
      expect(errors[0]).toMatchObject({
        message: expect.stringContaining('introspection has been disabled'),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      });
      expect(bytes).toBeLessThan(4_096);
    }
  });

  test.each([
    ['a field', operation('{ taks { asOf } }')],
    ['a field of an input', operation('{ tasks(filter: { serch: "a" }) { asOf } }')],
    [
      'a field of a variable',
      operation('query ($f: TaskFilter) { tasks(filter: $f) { asOf } }', { f: { serch: 'a' } }),
    ],
    ['a value of an enum', operation('query ($k: TaskKind) { models(kind: $k) { name } }', { k: 'IMAG' })],
  ])('it suggests nothing for the wrong name of %s, which it does otherwise', async (_what, wrong) => {
    const messageOf = async (url: string) => (await overHttp(url, wrong)).errors[0]?.message;
    expect(await messageOf(silent.url)).not.toContain('Did you mean');
    expect(await messageOf(open.url)).toContain('Did you mean');
  });

  test('clients that ask for __typename, as all with a cache do, work', async () => {
    await using running = await startTestGateway({ access: { ...openAccess, introspection: false } });
    for (const send of everyWay) {
      const { data } = await send(
        running.url,
        operation('{ __typename tasks { __typename pageInfo { __typename } } }'),
      );
      expect(data).toMatchObject({ __typename: 'Query', tasks: { pageInfo: { __typename: 'PageInfo' } } });
    }
  });
});
