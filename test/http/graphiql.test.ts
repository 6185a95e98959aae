import { readFile } from 'node:fs/promises';
import { parse, validate } from 'graphql';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { imageTask } from '../schema/in-memory-use-cases.ts';
import { findBrowser, startBrowser } from '../support/browser.ts';
import { openGraphiql, reload } from '../support/graphiql-page.ts';
import { type GraphiqlServer, startGraphiqlServer } from './graphiql-server.ts';

const browserPath = await findBrowser();

test('the first tab fits the schema', async () => {
  const document = await readFile(new URL('../../src/http/static/graphiql/first-tab.graphql', import.meta.url), 'utf8');
  expect(validate(schema, parse(document))).toEqual([]);
  expect(validate(schema, parse(document.replaceAll('prompt', 'prompts')))).not.toEqual([]);
});

describe.skipIf(browserPath === null)('GraphiQL in a browser', { timeout: 60_000 }, () => {
  let server: GraphiqlServer;
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser(browserPath ?? '');
    server = await startGraphiqlServer();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  test('runs a create, a subscription and a list as they stand, with nothing to complain about', async () => {
    await using graphiql = await openGraphiql(browser, server.url);
    expect(await graphiql.page.title()).toContain('AIGC task gateway');

    await graphiql.run('Create');
    await graphiql.responseWith('"__typename":"CreateImageTaskPayload"');
    expect(await graphiql.response()).toContain('"status":"WAIT","failure":null');

    await graphiql.run('List');
    await graphiql.responseWith('"nodes":[{');

    await graphiql.run('Watch');
    await graphiql.responseWith('"status":"DONE"');
    expect(server.subscribers()).toBe(1);
    await graphiql.stop();

    expect(graphiql.problems).toEqual([]);
  });

  test('follows the task whose id was put into the variables', async () => {
    await using graphiql = await openGraphiql(browser, server.url);
    await graphiql.setVariables({ id: imageTask(1).id });
    await graphiql.run('WatchOne');
    await graphiql.responseWith('"status":"DONE"');
    expect(graphiql.problems).toEqual([]);
  });

  test('creates another task after each time it was loaded, with the tabs that were left', async () => {
    await using graphiql = await openGraphiql(browser, server.url);
    server.calls.length = 0;
    const creates = () => server.calls.filter(([useCase]) => useCase === 'createTask');
    await graphiql.run('Create');
    await graphiql.responseWith('CreateImageTaskPayload');
    await graphiql.run('Create');
    await expect.poll(() => creates().length).toBe(2);
    await reload(graphiql.page);
    await graphiql.run('Create');
    await expect.poll(() => creates().length).toBe(3);

    const keys = creates().map(([, , , idempotencyKey]) => idempotencyKey);
    expect(keys[0]).toMatch(/^graphiql-[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(await graphiql.page.locator('.graphiql-tab').count()).toBe(1);
  });

  test('is watched closely: an inline script, or a request to another origin, is a problem', async () => {
    await using graphiql = await openGraphiql(browser, server.url);
    await graphiql.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.compromised = true';
      document.body.append(script);
      void fetch('http://localhost:9/').catch(() => {});
    });
    await expect.poll(() => graphiql.problems.join('\n')).toMatch(/script-src 'self'[^]*connect-src 'self'/);
    expect(await graphiql.page.evaluate(() => 'compromised' in window)).toBe(false);
  });
});
