import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMetrics } from '../../src/http/metrics.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { post, startTestServer } from './test-server.ts';
import { until } from '../support/until.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
const clock = createManualClock();
const logged: { level: number; msg: string; path?: string; status?: number }[] = [];
const lines = new Writable({
  write(line, _encoding, done) {
    logged.push(JSON.parse(String(line)));
    done();
  },
});
beforeAll(async () => {
  server = await startTestServer({ logger: pino({ level: 'debug' }, lines), clock });
});
afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers, redirect: 'manual' });

test('every kind of answer carries the security headers', async () => {
  const answers = await Promise.all([
    post(server.url, { query: '{ hello }' }),
    post(server.url, 'broken'),
    post(server.url, { query: 'subscription { count(to: 1) }' }, { accept: 'text/event-stream' }),
    get('/graphql'),
    get('/graphql', { accept: 'text/html' }),
    get('/'),
    get('/health/live'),
    get('/metrics'),
    get('/nowhere'),
  ]);
  for (const { headers } of answers) {
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('x-powered-by')).toBeNull();
  }
});

test('pages of other origins are let in by no header', async () => {
  const preflight = await fetch(`${server.url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  });
  const answered = await post(server.url, { query: '{ hello }' }, { origin: 'https://evil.example' });
  expect(preflight.status).toBe(403);
  expect(await preflight.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  for (const { headers } of [preflight, answered]) {
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});

test('the endpoint is a page for a browser, and refuses everybody else’s GET', async () => {
  const page = await get('/graphql', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await page.text()).toContain('<title>GraphiQL');
  expect((await get('/graphql', { accept: 'application/json' })).status).toBe(405);
});

test('the page loads nothing from elsewhere, and its files may be kept for ever', async () => {
  const page = await (await get('/graphql', { accept: 'text/html' })).text();
  const urls = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
  expect(urls).toHaveLength(4);
  for (const url of urls) {
    const asset = await get(url, { 'accept-encoding': 'gzip' });
    expect(asset.status).toBe(200);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    const plain = await get(url, { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(await asset.text());
  }
});

test('files of another version are not there', async () => {
  expect((await get('/graphiql/0000000000000000/graphiql.js')).status).toBe(404);
});

test('the root leads to the endpoint, and nothing else is anywhere', async () => {
  const root = await get('/');
  expect([root.status, root.headers.get('location')]).toEqual([302, '/graphql']);
  const elsewhere = ['/nowhere', '/graphql/', '/graphiql/../package.json', '//evil.example/'];
  const answers = await Promise.all(elsewhere.map((path) => get(path)));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  expect((await fetch(`${server.url}/health/live`, { method: 'DELETE' })).status).toBe(405);
});

test('health says that the process lives, and what its readiness is', async () => {
  expect((await get('/health/live')).status).toBe(200);
  const ready = await get('/health/ready');
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, details: { database: 'reachable' } }]);
});

test('one line is logged for a refused request, none but for debugging for a good one', async () => {
  await clock.advance(1_000);
  logged.length = 0;
  await get('/nowhere?prompt=secret');
  await get('/health/live');
  await until(() => logged.length === 2);
  expect(logged).toMatchObject([
    { level: 30, path: '/nowhere', status: 404 },
    { level: 20, path: '/health/live', status: 200 },
  ]);
  expect(JSON.stringify(logged)).not.toContain('secret');
});

test('however many requests are refused, a line a second tells of them, and of how many there were', async () => {
  await clock.advance(1_000);
  await get('/nowhere');
  logged.length = 0;
  const told = () => logged.filter(({ level }) => level > 20);
  await Promise.all(Array.from({ length: 50 }, () => get('/nowhere')));
  await until(() => logged.length === 50);
  expect(told()).toEqual([]);
  await clock.advance(1_000);
  await get('/nowhere');
  await until(() => logged.length === 51);
  expect(told()).toMatchObject([{ level: 30, status: 404, refused: 51 }]);
});

test('each request that fails by a fault of ours is logged', async () => {
  const failing = await startTestServer({
    logger: pino({ level: 'info' }, lines),
    readiness: () => Promise.resolve({ ready: false, details: {} }),
  });
  logged.length = 0;
  for (let times = 0; times < 3; times += 1) await fetch(`${failing.url}/health/ready`);
  await until(() => logged.length === 3);
  await failing.close();
  expect(logged.map(({ level }) => level)).toEqual([40, 40, 40]);
});

test.each([
  ['gzip', 'gzip'],
  ['br, GZIP;q=0.5', 'gzip'],
  ['*', 'gzip'],
  ['gzip;q=0', null],
  ['*, gzip; q=0.0', null],
  ['*;q=0', null],
  ['not-gzip', null],
  ['identity', null],
])('a file comes compressed only for who takes it so: %s', async (accepted, encoding) => {
  const page = await (await get('/graphql', { accept: 'text/html' })).text();
  const url = /href="([^"]+icon\.svg)"/.exec(page)?.[1] ?? '';
  const asset = await get(url, { 'accept-encoding': accepted });
  expect([asset.status, asset.headers.get('content-encoding')]).toEqual([200, encoding]);
  expect(asset.headers.get('vary')).toBe('Accept-Encoding');
});

test('the metrics tell what there is apart, and put files of a kind together', async () => {
  const places = ['/', '/graphql', '/health/live', '/graphiql/x.js', '/page/x.js', '/files/1/x.png'];
  await Promise.all(places.map((path) => get(path)));
  const routes = async () => {
    const metrics = await (await get('/metrics')).text();
    return [...metrics.matchAll(/_count\{route="([^"]*)"/g)].map(([, route]) => route);
  };
  const expected = ['/', '/graphql', '/health/live', '/graphiql', '/page', '/files', '/metrics'];
  await until(async () => (await routes()).includes('/metrics'));
  expect(await routes()).toEqual(expect.arrayContaining(expected));
});

test('the metrics name no path that a caller made up', async () => {
  await get('/made-up-path');
  const metrics = await (await get('/metrics')).text();
  expect(metrics).toMatch(/gateway_http_request_duration_seconds_count\{route="other",method="GET",status="404"\} \d/);
  expect(metrics).not.toContain('made-up');
});

test('two gateways in one process keep their metrics apart', async () => {
  const [one, other] = [createMetrics(), createMetrics()];
  one.sink.taskEnded('IMAGE', 'DONE', null);
  expect((await one.render()).body).toContain('gateway_tasks_ended_total{');
  expect((await other.render()).body).not.toContain('gateway_tasks_ended_total{');
});
