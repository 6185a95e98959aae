import { mkdtemp, rm } from 'node:fs/promises';
import { request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFileStore } from '../../src/archive/file-store.ts';
import { createServing } from '../../src/archive/serving.ts';
import { createUrlSignature } from '../../src/archive/url-signature.ts';
import type { ArchivedFile } from '../../src/domain/task/archived-file.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { startTestServer, type TestServer } from '../http/test-server.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { contentOf, piecesOf } from './content.ts';

const hourMs = 3_600_000;
const taskId = '01980000-0000-7000-8000-000000000001';
const fileId = `${taskId}_0`;
const content = contentOf(10_000);
const archived: ArchivedFile = {
  key: 'ada/one/0.mp4',
  contentType: 'video/mp4',
  byteSize: content.length,
  checksum: 'a1b2c3',
  width: null,
  height: null,
  duration: null,
};
const [oldSecret, newSecret] = [Buffer.from('old'), Buffer.from('new')];

type World = {
  clock: ManualClock;
  server: TestServer;
  url: string;
  path: string;
  urlOf(): Promise<string>;
  /** What the server said as a warning or worse. */
  logged: unknown[];
};
let world: World;
let running: AsyncDisposableStack;

/** With a dot in its path, as `.data` has. */
async function openWorld(): Promise<World> {
  running = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), '.archive-'));
  running.defer(() => rm(directory, { recursive: true, force: true }));
  const clock = createManualClock(Date.UTC(2026, 0, 15, 12, 20));
  const store = running.use(await openFileStore({ folder: join(directory, 'archive'), clock }));
  await store.put(archived.key, piecesOf(content), archived);
  const { urlOf, findServed } = createServing({
    store,
    signature: createUrlSignature([newSecret, oldSecret]),
    publicUrl: () => server.url,
    findArchivedFile: async (id, index) => (id === taskId && index === 0 ? archived : null),
    clock,
    logger: silentLogger,
  });
  const logged: unknown[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const options = { findServedFile: findServed, access: { loopbackOnly: true }, logger };
  const server = running.use(await startTestServer(options));
  const handOut = async (): Promise<string> => (await urlOf({ id: fileId, archived }))?.url ?? '';
  return { clock, server, url: await handOut(), path: store.pathOf(archived.key) ?? '', urlOf: handOut, logged };
}

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => running.disposeAsync());

const get = (url: string, headers: Record<string, string> = {}): Promise<Response> => fetch(url, { headers });
/** As a browser that has it asks: fetch would add that it wants nothing from a cache. */
async function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const request = send(url, { headers }, (response) => {
    response.resume();
    resolve(response.statusCode);
  });
  request.on('error', reject).end();
  return await promise;
}
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

test('a file is served as what it is, for who has its URL, to any page, and can run nothing', async () => {
  const response = await get(world.url);
  expect(response.status).toBe(200);
  expect(await bytesOf(response)).toEqual(content);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'video/mp4',
    'content-length': '10000',
    etag: '"a1b2c3"',
    'accept-ranges': 'bytes',
    'last-modified': expect.any(String),
    'cache-control': expect.stringMatching(/^private, max-age=\d+$/),
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringMatching(/^default-src 'none';.*; sandbox$/),
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
  });
  expect(response.headers.get('content-disposition')).toBeNull();
});

test('it is to be saved for who asks for that, under its name', async () => {
  const { headers } = await get(`${world.url}&download=1`);
  expect(headers.get('content-disposition')).toBe(`attachment; filename="${fileId}.mp4"`);
});

test('HEAD tells the same and sends nothing', async () => {
  const response = await fetch(world.url, { method: 'HEAD' });
  expect([response.status, response.headers.get('content-length')]).toEqual([200, '10000']);
  expect(await bytesOf(response)).toHaveLength(0);
  expect((await fetch(world.url, { method: 'POST' })).status).toBe(405);
});

test.each([
  ['bytes=0-99', 0, 100],
  ['bytes=9900-', 9_900, 10_000],
  ['bytes=-1', 9_999, 10_000],
])('of a range, %s, just that is sent', async (range, start, end) => {
  const response = await get(world.url, { range });
  expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end - 1}/10000`]);
  expect(await bytesOf(response)).toEqual(content.subarray(start, end));
});

test('a range that is not there is refused, with the size', async () => {
  const response = await get(world.url, { range: 'bytes=10000-' });
  expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */10000']);
  expect(response.headers.get('etag')).toBeNull();
});

test('who has it already is told so, and a range of another version is the whole file', async () => {
  expect(await statusOf(world.url, { 'if-none-match': '"a1b2c3"' })).toBe(304);
  expect(await statusOf(world.url, { 'if-none-match': '"other"' })).toBe(200);
  expect(await statusOf(world.url, { range: 'bytes=0-0', 'if-range': '"a1b2c3"' })).toBe(206);
  expect(await statusOf(world.url, { range: 'bytes=0-0', 'if-range': '"other"' })).toBe(200);
  expect(await statusOf(world.url, { range: 'bytes=0-0', 'if-range': 'W/"a1b2c3"' })).toBe(200);
  expect(await statusOf(world.url, { 'if-match': '"other"' })).toBe(412);
});

describe('nobody is told more than that there is no such file', () => {
  test.each<[string, (url: URL) => void]>([
    ['with another signature', (url) => url.searchParams.set('signature', 'A'.repeat(43))],
    [
      'with a signature that is cut off',
      (url) => url.searchParams.set('signature', (url.searchParams.get('signature') ?? '').slice(1)),
    ],
    ['without a signature', (url) => url.searchParams.delete('signature')],
    ['with a later expiry', (url) => url.searchParams.set('expires', '9999999999')],
    ['with no expiry', (url) => url.searchParams.delete('expires')],
    ['with an expiry that is no number', (url) => url.searchParams.set('expires', '1e99')],
    ['of another file', (url) => void (url.pathname = url.pathname.replaceAll('_0', '_1'))],
    ['of something that is no file', (url) => void (url.pathname = '/files/x/y')],
    ['without a name', (url) => void (url.pathname = `/files/${fileId}`)],
    ['on the way to somewhere else', (url) => void (url.pathname = `/files/${fileId}/..%2f..%2fetc%2fpasswd`)],
  ])('%s', async (what, change) => {
    const url = new URL(world.url);
    change(url);
    const response = await get(url.href);
    // The name is no part of the permission.
    if (what === 'on the way to somewhere else') {
      expect(await bytesOf(response)).toEqual(content);
      return;
    }
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('No such file, or its URL has expired');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

test('a URL stays the same for an hour, works for a day, and not much longer', async () => {
  expect(await world.urlOf()).toBe(world.url);
  await world.clock.advance(hourMs - 20 * 60_000 - 1);
  expect(await world.urlOf()).toBe(world.url);
  await world.clock.advance(1);
  expect(await world.urlOf()).not.toBe(world.url);
  await world.clock.advance(23 * hourMs - 20 * 60_000);
  expect((await get(world.url)).status).toBe(200);
  await world.clock.advance(22 * 60_000);
  expect((await get(world.url)).status).toBe(404);
  expect((await get(await world.urlOf())).status).toBe(200);
});

test('what the secret before has signed still works, and what no secret has does not', async () => {
  const expires = Math.floor(world.clock.now() / 1_000) + 60;
  const urlBy = (secret: Buffer): string =>
    `${world.server.url}/files/${fileId}/x?expires=${expires}&signature=${createUrlSignature([secret]).sign(fileId, expires)}`;
  expect((await get(urlBy(oldSecret))).status).toBe(200);
  expect((await get(urlBy(Buffer.from('another')))).status).toBe(404);
});

test('under a foreign name it is not served where nobody has to prove who they are', async () => {
  expect(await statusOf(world.url, { host: 'evil.example' })).toBe(421);
});

test('a file that should be there and is not is not found, which the operator is told in one line', async () => {
  await rm(world.path);
  const response = await get(world.url);
  expect(response.status).toBe(404);
  expect(response.headers.get('etag')).toBeNull();
  expect(world.logged).toEqual([
    expect.objectContaining({ level: 40, fileId, path: world.path, msg: expect.stringContaining('archived file') }),
  ]);
});
