import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { openSocket } from './socket.ts';
import { post, startTestServer, type TestServer } from './test-server.ts';

let servers: TestServer[];
beforeAll(async () => {
  servers = [await startTestServer(), await startTestServer({ executor: 'standard' })];
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

const queries = {
  'a query': { query: '{ hello nested { ...More __typename } } fragment More on Query { again: hello owner }' },
  variables: { query: 'query ($text: String!) { echo(text: $text) }', variables: { text: '"Ä"\n🎨' } },
  'a field that is left out': {
    query: 'query ($no: Boolean!) { hello @skip(if: $no) owner }',
    variables: { no: true },
  },
  'an unexpected error': { query: '{ hello nested { broken } }' },
  'an error with a status': { query: '{ hello refused }' },
  'a wrong variable': { query: 'query ($text: String!) { echo(text: $text) }', variables: { text: 7 } },
  'a document that is not valid': { query: '{ nothing }' },
  'an operation that is not there': { query: 'query One { hello }', operationName: 'Two' },
  introspection: { query: '{ hello __schema { queryType { name } } }' },
};
const mediaTypes = [
  'application/json',
  'application/graphql-response+json',
  'application/graphql-response+json, application/json;q=0.9',
  'text/event-stream',
  'multipart/mixed',
  '*/*',
];

describe.each(Object.entries(queries))('%s is answered the same by both executors', (_name, operation) => {
  test.each(mediaTypes)('as %s', async (accept) => {
    const [compiled, standard] = await Promise.all(servers.map(({ url }) => read(url, operation, accept)));
    expect(compiled).toEqual(standard);
    // Its document is known by now.
    expect(await read(servers[0]?.url ?? '', operation, accept)).toEqual(standard);
  });

  test('over WebSocket', async () => {
    const [compiled, standard] = await Promise.all(servers.map(({ url }) => hear(url, operation)));
    expect(compiled).toEqual(standard);
  });
});

async function read(url: string, operation: object, accept: string) {
  const response = await post(url, operation, { accept });
  // Pings between events come as they will.
  const body = (await response.text()).replaceAll(':\n\n', '');
  const { status, headers } = response;
  return { status, type: headers.get('content-type'), length: headers.get('content-length'), body };
}

async function hear(url: string, operation: object) {
  const { messages, say, terminate } = await openSocket(url);
  say({ type: 'subscribe', id: '1', payload: operation });
  await until(() => messages.some(({ type }) => type === 'complete' || type === 'error'));
  terminate();
  return messages;
}
