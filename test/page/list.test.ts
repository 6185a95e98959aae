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
        input: { prompt, model: { name: prompt === 'picture 07' ? 'Qwen' : 'Hunyuan' }, idempotencyKey: prompt },
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
