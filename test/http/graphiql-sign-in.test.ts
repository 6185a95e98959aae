import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { findBrowser, startBrowser } from '../support/browser.ts';
import { openGraphiql, reload, signIn } from '../support/graphiql-page.ts';
import { type GraphiqlServer, startGraphiqlServer } from './graphiql-server.ts';
import { bearer, createKeyring } from './keyring.ts';
import { startTestServer } from './test-server.ts';

const browserPath = await findBrowser();
const key = 'alice-key';
let keyring: ReturnType<typeof createKeyring>;
let server: GraphiqlServer;
beforeEach(async () => {
  keyring = createKeyring(systemClock);
  keyring.issue(key, { owner: 'alice' });
  const { authentication } = keyring;
  server = await startGraphiqlServer({
    owner: 'alice',
    authentication,
    access: { authenticated: true, rateLimit: 10 },
  });
});
afterEach(() => server.close());

const getPage = (headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${server.url}/graphql`, { method, headers: { accept: 'text/html', ...headers } });

describe('where callers have to prove who they are', () => {
  test('the page asks for a key, and has nothing of GraphiQL or of the schema in it', async () => {
    const page = await getPage();
    expect([page.status, page.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    const html = await page.text();
    expect(html).toContain('API key or token');
    expect(html).not.toMatch(/graphiql\.js|first-tab|<style|<script(?![^>]*\bsrc=)|\son\w+=/);
  });

  test('is GraphiQL for a valid key', async () => {
    const page = await getPage(bearer(key));
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('graphiql.js')]);
  });

  test('has an answer to HEAD like the one to GET, without its body', async () => {
    for (const headers of [{}, bearer(key)]) {
      const [asked, got] = await Promise.all([getPage(headers, 'HEAD'), getPage(headers)]);
      expect([asked.status, await asked.text()]).toEqual([got.status, '']);
      expect(asked.headers.get('content-length')).toBe(got.headers.get('content-length'));
    }
  });

  test('answers no question about the schema to whom nobody knows', async () => {
    const introspect = (headers: Record<string, string>) =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: '{ __schema { queryType { name } } }' }),
      });
    expect((await introspect({})).status).toBe(401);
    expect(await (await introspect(bearer(key))).json()).toEqual({
      data: { __schema: { queryType: { name: 'Query' } } },
    });
  });

  test('says that nobody can tell at the moment, and that it is asked too often', async () => {
    keyring.isAway = true;
    expect((await getPage(bearer(key))).status).toBe(503);
    expect((await getPage()).status).toBe(401);
    keyring.isAway = false;
    const answers = await Promise.all(Array.from({ length: 101 }, () => getPage(bearer(key))));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
  });
});

test('switched off, there is no page and none of its files', async () => {
  const assets = ['graphiql.js', 'start.js', 'sign-in.js'];
  await using off = await startTestServer({ access: { graphiql: false } });
  await using on = await startTestServer();
  const html = { headers: { accept: 'text/html' } };
  const files = (await (await fetch(`${on.url}/graphql`, html)).text()).match(/\/graphiql\/\w+\//)?.[0];
  const statusesOf = async ({ url }: { url: string }) =>
    Promise.all(
      ['/graphql', '/', ...assets.map((name) => `${files}${name}`)].map(
        async (path) => (await fetch(url + path, { ...html, redirect: 'manual' })).status,
      ),
    );
  expect(await statusesOf(off)).toEqual([405, 404, 404, 404, 404]);
  expect(await statusesOf(on)).toEqual([200, 302, 200, 200, 200]);
});

describe.skipIf(browserPath === null)('signing in, in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser(browserPath ?? '');
  });
  afterAll(() => browser.close());

  const openPage = async (): Promise<Page & AsyncDisposable> => {
    const page = await browser.newPage();
    await page.goto(`${server.url}/graphql`);
    return page;
  };
  const problemOf = (page: Page) => page.getByRole('alert').textContent();

  test('opens GraphiQL for queries and subscriptions, and again after a reload, until the user signs out', async () => {
    await using graphiql = await openGraphiql(browser, server.url, key);
    const { page } = graphiql;
    await graphiql.run('List');
    await graphiql.responseWith('"nodes":[{');
    await graphiql.run('Watch');
    await graphiql.responseWith('"status":"DONE"');
    await graphiql.stop();

    await reload(page);
    await graphiql.run('Watch');
    await graphiql.responseWith('"status":"DONE"');
    await graphiql.stop();
    await graphiql.run('List');
    await graphiql.responseWith('"nodes":[{');
    // The browser tells of each 401 itself: two pages to sign in were loaded.
    expect(graphiql.problems).toEqual(Array.from({ length: 2 }, () => expect.stringMatching(/401 \(Unauthorized\)$/)));

    expect(await page.evaluate(() => JSON.stringify([localStorage, location.href, document.cookie]))).not.toContain(
      key,
    );
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key or token').waitFor();
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain(key);
    expect(await page.getByLabel('API key or token').inputValue()).toBe('');
  });

  test('tells what is wrong with a key, and takes the right one then', async () => {
    await using page = await openPage();
    for (const wrong of ['wrong', 'two words', 'schlüssel', '☃']) {
      await signIn(page, wrong);
      await expect.poll(() => problemOf(page)).toBe('This key or token is not valid.');
    }
    await signIn(page, ' ');
    await expect.poll(() => problemOf(page)).toBe('Type a key or a token.');
    keyring.isAway = true;
    await signIn(page, key);
    await expect.poll(() => problemOf(page)).toMatch(/can’t check keys at the moment/);
    keyring.isAway = false;
    await signIn(page, `Bearer ${key}`);
    await page.locator('.graphiql-execute-button').waitFor();
  });

  test('tells that a key was used too often', async () => {
    await using page = await openPage();
    await Promise.all(Array.from({ length: 100 }, () => getPage(bearer(key))));
    await signIn(page, key);
    await expect.poll(() => problemOf(page)).toMatch(/^Too many requests with this key\. Try again in \d+ s\.$/);
  });

  test('tells that the gateway can’t be reached', async () => {
    await using page = await openPage();
    await server.close();
    await signIn(page, key);
    await expect.poll(() => problemOf(page)).toBe('The gateway can’t be reached.');
  });

  test('asks again when the key that it has kept was revoked', async () => {
    await using page = await openPage();
    await signIn(page, key);
    await page.locator('.graphiql-execute-button').waitFor();
    keyring.revoke(key);
    await page.reload();
    await expect.poll(() => problemOf(page)).toBe('This key or token is not valid.');
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test('can be done with a keyboard and a screen reader', async () => {
    await using page = await openPage();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('key');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    const input = page.getByLabel('API key or token');
    await expect.poll(() => input.getAttribute('aria-invalid')).toBe('true');
    expect(await input.getAttribute('aria-describedby')).toBe(await page.getByRole('alert').getAttribute('id'));
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('key');
  });
});
