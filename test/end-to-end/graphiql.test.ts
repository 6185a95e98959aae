import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser, startBrowser } from '../support/browser.ts';
import { createVideo } from '../support/documents.ts';
import { openGraphiql } from '../support/graphiql-page.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { untilEnded } from '../support/until-ended.ts';

const browserPath = await findBrowser();

describe.skipIf(browserPath === null)('a developer with a browser', { timeout: 60_000 }, () => {
  let gateway: TestGateway;
  let browser: Browser;

  beforeAll(async () => {
    // Slow enough to be watched: a picture of 8 s takes 0.8 s.
    gateway = await startTestGateway({ sandbox: { port: 0, speed: 10, failShare: 0, seed: 1 } });
    browser = await startBrowser(browserPath ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await gateway[Symbol.asyncDispose]();
  });

  test('runs the first tab: creates a picture, watches it finish over WebSocket, and opens it', async () => {
    await using graphiql = await openGraphiql(browser, gateway.url);
    await graphiql.run('Create');
    await graphiql.responseWith('"CreateImageTaskPayload"');
    await graphiql.run('Watch');
    await graphiql.responseWith('"status":"DONE"');
    const url = /"url":"([^"]+)"/.exec(await graphiql.response())?.[1] ?? '';
    await graphiql.stop();
    await graphiql.run('List');
    await graphiql.responseWith('"nodes":');
    expect(graphiql.problems).toEqual([]);
    expect(await pictureWidth(graphiql.page, url)).toBeGreaterThan(100);
  });

  test('plays a video that was made', async () => {
    const id = await createVideoTask(gateway);
    const ended = await untilEnded(gateway, id);
    const page = await browser.newPage();
    await page.goto(ended.files[0]?.url ?? '');
    const seconds = await page.evaluate(async () => {
      const video = document.querySelector('video');
      if (video === null) return null;
      video.muted = true;
      await video.play();
      return video.duration;
    });
    expect(seconds).toBeCloseTo(5, 0);
    await page.close();
  });
});

async function createVideoTask(gateway: TestGateway): Promise<string> {
  const { createVideoTask: result } = await gateway.ask(createVideo, {
    input: { prompt: 'waves', model: { name: 'Kling', version: '2.1' }, duration: 5, idempotencyKey: 'waves' },
  });
  if (result?.__typename !== 'CreateVideoTaskPayload') throw new Error(JSON.stringify(result));
  return result.task.id;
}

/** Opens the picture as a person would: in a tab of its own. */
async function pictureWidth(from: Page, url: string): Promise<number> {
  const page = await from.context().newPage();
  await page.goto(url);
  return await page.evaluate(() => document.querySelector('img')?.naturalWidth ?? 0);
}
