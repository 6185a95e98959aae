import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createImage } from '../support/documents.ts';
import { untilEnded } from '../support/until-ended.ts';
import { browserPath, setStage } from './page-gateway.ts';
import { openTaskPage, type TaskPage } from './task-page.ts';

describe.skipIf(browserPath === null)('the list', { timeout: 60_000 }, () => {
  const stage = setStage({ sandbox: { port: 0, speed: 200, failShare: 0, seed: 1 } });
  const names = Array.from({ length: 45 }, (_, index) => `picture ${String(index + 1).padStart(2, '0')}`);

  beforeAll(async () => {
    const created: string[] = [];
    for (const prompt of [...names, 'a broken one [fail]']) {
      const { createImageTask: result } = await stage.gateway.ask(createImage, {
        input: {
          prompt,
          model: { name: prompt === 'picture 07' ? 'Qwen' : 'Hunyuan' },
          ...(prompt === 'picture 08' && { operator: 'alice' }),
          idempotencyKey: prompt,
        },
      });
      if (result?.__typename === 'CreateImageTaskPayload') created.push(result.task.id);
    }
    await Promise.all(created.map((id) => untilEnded(stage.gateway, id)));
  }, 60_000);

  let visit: TaskPage;
  beforeAll(async () => {
    visit = await openTaskPage(stage.browser, stage.gateway.url, { filesAt: stage.filesAt });
  });
  afterAll(() => visit[Symbol.asyncDispose]());

  const prompts = () => visit.page.locator('td.prompt').allTextContents();
  const newestFirst = names.toReversed();

  test('has pages, newest first, and its address brings the same page again', async () => {
    const { page } = visit;
    await expect.poll(prompts).toEqual(['a broken one [fail]', ...newestFirst.slice(0, 19)]);
    await page.getByText('46 tasks').waitFor();
    await page.getByRole('link', { name: 'Older' }).click();
    await expect.poll(prompts).toEqual(newestFirst.slice(19, 39));
    await page.reload();
    await expect.poll(prompts).toEqual(newestFirst.slice(19, 39));
    await page.getByRole('link', { name: 'Older' }).click();
    await expect.poll(prompts).toEqual(newestFirst.slice(39));
    expect(await page.getByRole('link', { name: 'Older' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Newer' }).click();
    await expect.poll(prompts).toEqual(newestFirst.slice(19, 39));
    await page.goBack();
    await expect.poll(prompts).toEqual(newestFirst.slice(39));
    // Where the newest are is the first page again, which grows.
    await page.getByRole('link', { name: 'Newer' }).click();
    await expect.poll(prompts).toEqual(newestFirst.slice(19, 39));
    await page.getByRole('link', { name: 'Newer' }).click();
    await expect.poll(prompts).toEqual(['a broken one [fail]', ...newestFirst.slice(0, 19)]);
    await expect.poll(() => new URL(page.url()).search).toBe('');
  });

  test('finds words of a prompt, from its first page on', async () => {
    await visit.page.getByLabel('Search').fill('picture 23');
    await expect.poll(prompts).toEqual(['picture 23']);
    expect(new URL(visit.page.url()).search).toBe('?search=picture+23');
    await visit.page.reload();
    await expect.poll(prompts).toEqual(['picture 23']);
    expect(await visit.page.getByLabel('Search').inputValue()).toBe('picture 23');
    await visit.page.getByRole('button', { name: 'Clear' }).click();
    await visit.page.getByText('46 tasks').waitFor();
    expect(await visit.page.getByLabel('Search').inputValue()).toBe('');
  });

  test('forgets what was typed a moment ago when it is cleared', async () => {
    await using hasty = await openTaskPage(stage.browser, stage.gateway.url, { path: '/?search=picture+22' });
    const { page } = hasty;
    const search = page.getByLabel('Search');
    await hasty.row('picture 22').waitFor();
    await page.clock.install();
    await search.fill('picture 23');
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.clock.fastForward(1_000);
    await page.getByText('46 tasks').waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(await search.inputValue()).toBe('');
  });

  test('is filtered by type and operator, and Back takes back the last filter', async () => {
    const { page } = visit;
    await page.getByLabel('Type').selectOption('Text to image');
    await expect.poll(() => new URL(page.url()).search).toBe('?mode=TEXT_TO_IMAGE');
    await page.getByLabel('Operator').fill('alice');
    await expect.poll(prompts).toEqual(['picture 08']);
    await page.getByLabel('Type').selectOption('Image to image');
    await page.getByText('No tasks here.').waitFor();
    await page.goBack();
    await expect.poll(prompts).toEqual(['picture 08']);
    expect(await page.getByLabel('Type').inputValue()).toBe('TEXT_TO_IMAGE');
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('46 tasks').waitFor();
  });

  test('asks for no day of which the year has only begun', async () => {
    const { page } = visit;
    const asked: string[] = [];
    page.on('request', (request) => {
      const { createdAfter } = request.postDataJSON()?.variables?.filter ?? {};
      if (createdAfter !== undefined) asked.push(createdAfter);
    });
    await page.getByLabel('From').pressSequentially('01012020');
    await expect.poll(() => new URL(page.url()).search).toBe('?from=2020-01-01');
    await page.getByText('46 tasks').waitFor();
    expect(asked.map((day) => new Date(day).getFullYear()).filter((year) => year < 2020)).toEqual([]);
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('');
  });

  test('is busy, or says what failed, while its rows are not those of the filter', async () => {
    await using slow = await openTaskPage(stage.browser, stage.gateway.url);
    const { page } = slow;
    await page.getByText('46 tasks').waitFor();
    const list = page.locator('.list');
    expect(await list.getAttribute('aria-busy')).toBe('false');
    const failed = Promise.withResolvers<void>();
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('query TaskList')) return route.continue();
      await failed.promise;
      await route.abort();
    });
    await page.getByRole('link', { name: 'Audio' }).click();
    await expect.poll(() => list.getAttribute('aria-busy')).toBe('true');
    failed.resolve();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('row').count()).toBe(0);
  });

  test('says how to get on from an address that leads nowhere', async () => {
    await using lost = await openTaskPage(stage.browser, stage.gateway.url, { path: '/?after=garbage' });
    await lost.page.getByRole('link', { name: 'To the newest' }).click();
    await lost.page.getByText('46 tasks').waitFor();
  });

  test('hears of what may concern it alone', async () => {
    await using visitor = await openTaskPage(stage.browser, 'about:blank', { path: '' });
    const { page } = visitor;
    const filters: unknown[] = [];
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const message = JSON.parse(String(payload));
        if (message.type === 'subscribe') filters.push(message.payload.variables.filter);
      }),
    );
    await page.goto(`${stage.gateway.url}/?kind=AUDIO&model=Kling`);
    await expect.poll(() => filters).toEqual([{ kinds: ['AUDIO'], modelNames: ['Kling'] }]);
    await page.getByRole('link', { name: 'Images' }).click();
    await expect.poll(() => filters.slice(1)).toEqual([{ kinds: ['IMAGE'] }]);
  });

  test('is filtered by status, model, day and kind', async () => {
    const { page } = visit;
    await page.getByLabel('Status').selectOption('Failed');
    await expect.poll(prompts).toEqual(['a broken one [fail]']);
    await page.getByLabel('Status').selectOption('Any');
    await page.getByLabel('Model').selectOption('Qwen');
    await expect.poll(prompts).toEqual(['picture 07']);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('46 tasks').waitFor();
    await page.getByLabel('To', { exact: true }).fill('2020-01-01');
    await page.getByText('No tasks here.').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('link', { name: 'Videos' }).click();
    await page.getByText('No tasks here.').waitFor();
    await page.getByRole('link', { name: 'Images' }).click();
    await page.getByText('46 tasks').waitFor();
    expect(visit.problems).toEqual([]);
  });

  test('of ended tasks gains those that end', async () => {
    await using running = await openTaskPage(stage.browser, stage.gateway.url, {
      path: '/?status=DONE&search=newcomer',
    });
    await running.page.getByText('No tasks here.').waitFor();
    await stage.gateway.ask(createImage, { input: { prompt: 'a newcomer', idempotencyKey: 'newcomer' } });
    await running.row('a newcomer').getByText('Done').waitFor();
  });
});
