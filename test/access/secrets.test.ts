import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { openSocket } from '../http/socket.ts';
import { makeKeyFor } from '../support/api-keys.ts';
import { formatConnectionString } from '../support/connection-string.ts';
import { type DisposablePostgres, startDisposablePostgres } from '../support/database.ts';
import { type Fault, type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';
import { openAccess, startTestGateway, type TestGateway, wideLimits } from '../support/gateway.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

const credentials = { secretId: 'id-of-the-account', secretKey: 'key-of-the-account', token: 'token-of-the-account' };
const databasePassword = 'password-of-the-database';
const metricsToken = 'token-of-the-metrics';

const cleanup = new AsyncDisposableStack();
let postgres: DisposablePostgres;
let proxy: FaultyProxy;
let running: TestGateway;
let apiKey = '';
/** All that a test's gateway logged, and all that it answered. */
let log = '';
let told = '';

beforeAll(async () => {
  const directory = cleanup.use(await createTemporaryDirectory());
  const place = { port: 0, directory: directory.path };
  const sandbox = cleanup.use(await startSandbox({ ...place, speed: 200, limits: wideLimits, credentials }));
  proxy = cleanup.use(await startFaultyProxy({ target: sandbox.endpoint }));
  postgres = cleanup.use(await startDisposablePostgres());
  const databaseUrl = formatConnectionString({ ...postgres.config, password: databasePassword });
  const upstream = { endpoint: proxy.endpoint, region: null, credentials };
  const access = { ...openAccess, modes: ['api-key'], metricsToken } as const;
  const logger = pino({ level: 'debug' }, { write: (line: string) => void (log += line) });
  running = cleanup.use(await startTestGateway({ databaseUrl, upstream, access, createWaitMs: 500 }, { logger }));
  apiKey = await makeKeyFor(running, 'ada');
});
afterAll(() => cleanup.disposeAsync());
beforeEach(() => {
  [log, told] = ['', ''];
});

async function send(body: string, headers: Record<string, string> = {}, path = '/graphql'): Promise<string> {
  const response = await fetch(running.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
    body,
  });
  const answer = `${response.status} ${await response.text()}`;
  told += `${answer}\n`;
  return answer;
}

const ask = (query: string, variables = {}) => send(JSON.stringify({ query, variables }));

const create = `mutation ($prompt: String!) { createImageTask(input: { prompt: $prompt }) {
  ... on CreateImageTaskPayload { task { status failure { code message upstreamCode requestId } } }
} }`;
const list = '{ tasks { totalCount nodes { ... on AigcTask { id failure { message } history { message } } } } }';

function expectNoSecrets(): void {
  const apiKeySecret = apiKey.slice(apiKey.lastIndexOf('_') + 1);
  for (const secret of [...Object.values(credentials), databasePassword, metricsToken, apiKeySecret]) {
    expect(log).not.toContain(secret);
    expect(told).not.toContain(secret);
  }
  expect(log + told).not.toMatch(/TC3-HMAC-SHA256 |Signature=|"authorization"/i);
}

/** Neither SQL, nor what PostgreSQL and the system say, nor files and stacks. */
function expectNoInternals(): void {
  expect(told).not.toMatch(
    /\bselect\b.+\bfrom\b|insert into|update "|on conflict|relation "|column "|\$1|terminating/i,
  );
  expect(told).not.toMatch(/postgres|PGSQL|ECONNREFUSED|ENOENT|socket/i);
  expect(told).not.toMatch(/node_modules|file:\/\/|\.[jt]s\b|\bat \S+ \(|stack/);
  expect(told).not.toContain(running.config.dataDirectory);
}

const leak =
  `Signed by ${credentials.secretId} with ${credentials.secretKey} and ${credentials.token}: Authorization: ` +
  `TC3-HMAC-SHA256 Credential=${credentials.secretId}/2026-01-01/mps/tc3_request, Signature=${'0f'.repeat(32)}`;
const refusing = (code: string): Fault => ({
  kind: 'response',
  response: { Error: { Code: code, Message: leak } },
});

describe('nothing is told of secrets, in a log or an answer, nor of what is inside, in an answer:', () => {
  test.each<[string, Fault]>([
    ['refuses a request', refusing('InvalidParameterValue')],
    ['refuses the account', refusing('AuthFailure.SignatureFailure')],
    ['has an error of its own', refusing('InternalError')],
    ['answers 500', { kind: 'answer', status: 500, body: leak }],
    ['answers no JSON', { kind: 'answer', body: `{"Response": ${leak}` }],
    ['answers another JSON', { kind: 'answer', body: JSON.stringify({ Response: { TaskId: { leak } } }) }],
    ['sends elsewhere', { kind: 'answer', status: 302, headers: { Location: `https://${leak}` }, body: leak }],
    ['hangs up', { kind: 'accepted-reset' }],
  ])('the vendor %s', async (what, fault) => {
    await proxy.clear();
    proxy.fault({ ...fault, action: 'CreateAigcImageTask', times: 1 });
    const before = proxy.requests.length;

    await ask(create, { prompt: what });
    await until(() => proxy.requests.length > before && log !== '');

    expect(await ask(list)).toMatch(/^200 \{"data":\{"tasks":\{"totalCount":[1-9]/);
    expectNoSecrets();
    expectNoInternals();
  });

  test('a caller puts its key where it does not belong', async () => {
    const key = { authorization: '' };
    const body = JSON.stringify({ query: '{ tasks { asOf } }', apiKey });
    expect(await send(body, key)).toMatch(/^401 /);
    expect(await send(body, key, `/graphql?api_key=${apiKey}`)).toMatch(/^401 /);
    expect(await send(body, { ...key, 'x-api-key': apiKey, cookie: `key=${apiKey}` })).toMatch(/^401 /);
    expect(await send(body, { authorization: `Basic ${btoa(apiKey)}, ${apiKey}` })).toMatch(/^401 /);
    expect(await send(body, { authorization: `Bearer ${apiKey}x` })).toMatch(/^401 /);
    expect(await send(body, {}, `/nowhere/${apiKey}?token=${apiKey}`)).toMatch(/^40[45] /);
    expect(await send(`{"apiKey": "${apiKey}", "query": `)).toMatch(/^400 /);
    expect(await send(`"${apiKey}"`)).toMatch(/^400 /);
    expectNoSecrets();
    expectNoInternals();
  });

  test('a caller puts it into what a WebSocket says that breaks the protocol', async () => {
    for (const message of [`{"type":"${apiKey}"}`, `{"type":"subscribe","id":"1","payload":"${apiKey}"}`, apiKey]) {
      const socket = await openSocket(running.url, undefined, { authorization: `Bearer ${apiKey}` });
      socket.send(message);
      await socket.closed;
      told += JSON.stringify(socket.messages);
    }
    expectNoSecrets();
    expectNoInternals();
  });

  test('the database is away', async () => {
    const socket = await openSocket(running.url, undefined, { authorization: `Bearer ${apiKey}` });
    await postgres.stop();

    const answers = [
      await ask(create, { prompt: 'away' }),
      await ask(list),
      await ask('{ task(id: "1") { __typename } }'),
    ];
    expect(answers[1]).toContain('SERVICE_UNAVAILABLE');
    socket.subscribe('1', 'subscription { taskChanges { __typename } }');
    socket.subscribe('2', list);
    await until(() => socket.isOver() || socket.messages.some(({ id }) => id === '2'));
    told += JSON.stringify(socket.messages);
    socket.terminate();
    for (const headers of [{}, { authorization: `Bearer ${metricsToken}` }]) {
      told += await (await fetch(`${running.url}/health/ready`, { headers })).text();
    }
    expect(told).toContain('{"database":"not reachable"');

    expect(log).toMatch(/"level":[45]0/);
    expectNoSecrets();
    expectNoInternals();
    await postgres.start();
  });

  test('which the vendor’s words would, if they were told as they came', () => {
    for (const text of [leak, databasePassword, apiKey]) {
      log = text;
      expect(expectNoSecrets).toThrow();
      [log, told] = ['', text];
      expect(expectNoSecrets).toThrow();
    }
    const failed = new Error('select * from "task": relation "task" does not exist');
    for (const text of [failed.message, String(failed.stack), 'connect ENOENT /tmp/a/.s.PGSQL.5432']) {
      told = text;
      expect(expectNoInternals).toThrow();
    }
  });
});
