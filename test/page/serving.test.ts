import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { browserPath, setStage } from './page-gateway.ts';
import { openTaskPage } from './task-page.ts';

describe('the page', { timeout: 60_000 }, () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(gateway.url + path, { method, headers });
  const assets = async () =>
    [...(await (await get('/')).text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);

  test('runs, loads and connects to nothing that is not the gateway’s', async () => {
    const response = await get('/');
    const policy = new Map(
      (response.headers.get('content-security-policy') ?? '').split('; ').map((part) => {
        const [name = '', ...values] = part.split(' ');
        return [name, values.join(' ')];
      }),
    );
    const files = `'self' https: ${gateway.gateway.sandbox?.endpoint}`;
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'img-src': files,
      'media-src': files,
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    });
    expect(await response.text()).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=/);
  });

  test('shows what is kept in a folder under whichever name of this machine it was asked for', async () => {
    await using directory = await createTemporaryDirectory();
    const place = { kind: 'folder', path: directory.path } as const;
    const archive = { place, maxFileBytes: 100_000_000, retentionDays: null, urlSecrets: null };
    await using keeping = await startTestGateway({ archive });
    const { headers } = await fetch(keeping.url.replace('127.0.0.1', 'localhost'));
    expect(headers.get('content-security-policy')?.split('; ')).toEqual(
      expect.arrayContaining([expect.stringMatching(`^img-src .* ${keeping.url}$`)]),
    );
  });

  test('links to GraphiQL where there is one', async () => {
    expect(await (await get('/')).text()).toContain('<meta name="graphiql" content="on"');
    await using without = await startTestGateway({ access: { ...openAccess, graphiql: false } });
    expect(await (await fetch(without.url)).text()).toContain('<meta name="graphiql" content="off"');
  });

  test('is asked for each time, and sent again only when it has changed', async () => {
    const first = await get('/');
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const again = await get('/', { 'if-none-match': first.headers.get('etag') ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('/', { 'if-none-match': '"another"' })).status).toBe(200);
  });

  test('has files that a browser may keep for ever, compressed beforehand', async () => {
    const paths = await assets();
    expect(paths.length).toBeGreaterThanOrEqual(3);
    for (const path of paths) {
      expect(path).toMatch(/^\/page\/[\w-]+-[\w-]{8}\.(?:js|css|svg)$/);
      const answers = await Promise.all(
        ['identity', 'gzip', 'gzip, br'].map((encoding) => get(path, { 'accept-encoding': encoding })),
      );
      expect(answers[0]?.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(answers.map(({ headers }) => headers.get('content-encoding'))).toEqual([null, 'gzip', 'br']);
      const texts = await Promise.all(answers.map((answer) => answer.text()));
      expect(new Set(texts).size).toBe(1);
    }
    expect((await get('/page/no-such-file.js')).status).toBe(404);
    expect((await get('/page/..%2findex.html')).status).toBe(404);
  });

  test('has an answer to HEAD like the one to GET, without its body', async () => {
    const [asked, got] = await Promise.all([get('/', {}, 'HEAD'), get('/')]);
    expect([asked.status, asked.headers.get('content-length')]).toEqual([200, got.headers.get('content-length')]);
    expect(await asked.text()).toBe('');
  });
});

describe.skipIf(browserPath === null)('in a browser', { timeout: 60_000 }, () => {
  const stage = setStage();

  test('a first visit loads less than 200 kB, gzipped', async () => {
    const paths: string[] = [];
    await using visit = await openTaskPage(stage.browser, 'about:blank', { path: '' });
    visit.page.on('request', (request) => {
      if (request.method() === 'GET') paths.push(request.url());
    });
    await visit.page.goto(stage.gateway.url);
    await visit.page.getByText('No tasks here.').waitFor();
    await visit.page.getByRole('link', { name: 'GraphiQL' }).waitFor();
    const sizes = await Promise.all(
      paths.map(async (url) => {
        const response = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } });
        return Number(response.headers.get('content-length'));
      }),
    );
    expect(paths.filter((path) => path.endsWith('.js'))).toHaveLength(1);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThan(200_000);
  });
});
