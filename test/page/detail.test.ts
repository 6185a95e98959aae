import { describe, expect, test } from 'vitest';
import { browserPath, setStage } from './page-gateway.ts';
import { listen, loseFirstAnswer, openTaskPage } from './task-page.ts';

describe.skipIf(browserPath === null)('an open task', { timeout: 60_000 }, () => {
  const stage = setStage();
  const openPage = (path = '/') => openTaskPage(stage.browser, stage.gateway.url, { path, filesAt: stage.filesAt });

  test('that failed says why, with the RequestId to copy, and can be tried again', async () => {
    await using visit = await openPage();
    const { page } = visit;
    await visit.create('will not be [fail]');
    await visit.row('will not be').getByText('Failed', { exact: true }).waitFor();
    const dialog = await visit.open('will not be');
    const failure = dialog.getByRole('region', { name: 'Failure' });
    await failure.getByRole('heading', { name: 'The generation failed' }).waitFor();
    const requestId = (await failure.locator('dd code').last().textContent()) ?? '';
    expect(requestId).toMatch(/^[\da-f-]{36}$/);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await failure.getByRole('button', { name: 'Copy RequestId' }).click();
    await failure.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(requestId);

    const before = page.url();
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await expect.poll(() => page.url()).not.toBe(before);
    await dialog.getByText('Retry of').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => visit.row('will not be').count()).toBe(2);
    expect(visit.problems).toEqual([]);
  });

  test('is retried once, even if the answer is lost and it is opened anew', async () => {
    await using visit = await openPage();
    const { page, row } = visit;
    await visit.create('paid once [fail]');
    await row('paid once').getByText('Failed', { exact: true }).waitFor();
    const dialog = await visit.open('paid once');
    await dialog.getByRole('button', { name: 'Retry' }).waitFor();
    const failed = page.url();
    await loseFirstAnswer(page, 'mutation RetryTask');
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await dialog.getByRole('alert').getByText('The gateway can’t be reached.').waitFor();
    await page.reload();
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await expect.poll(() => page.url()).not.toBe(failed);
    await dialog.getByText('Retry of').waitFor();
    await page.reload();
    await expect.poll(() => page.locator('td.prompt').filter({ hasText: 'paid once' }).count()).toBe(2);
  });

  test('fills a form with its request, to be created again', async () => {
    await using visit = await openPage();
    const { page } = visit;
    await visit.openForm('Image');
    await page.getByLabel('Prompt', { exact: true }).fill('two boats');
    await page.locator('[name=model]').selectOption('Hunyuan');
    await page.getByLabel('Version').selectOption('3.0');
    await page.getByLabel('Aspect ratio').fill('4:3');
    await page.getByText('More options').click();
    await page.getByLabel('Improve the prompt').selectOption('Yes');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await visit.row('two boats').getByText('Done').waitFor();
    await (await visit.open('two boats')).getByRole('link', { name: 'Create again' }).click();
    await page.getByRole('heading', { name: 'Create again' }).waitFor();
    const values = () =>
      page.locator('form.task-form').evaluate((form: HTMLFormElement) => Object.fromEntries(new FormData(form)));
    const expected = {
      prompt: 'two boats',
      model: 'Hunyuan',
      version: '3.0',
      aspectRatio: '4:3',
      enhancePrompt: 'yes',
    };
    await expect.poll(values).toMatchObject(expected);
    // The address has it: a reload brings the same form.
    await page.reload();
    await expect.poll(values).toMatchObject(expected);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect.poll(() => visit.row('two boats').count()).toBe(2);
  });
});

describe.skipIf(browserPath === null)('a task that was not sent yet', { timeout: 60_000 }, () => {
  const stage = setStage({ submissions: 'paused', createWaitMs: 0 });

  test('can be cancelled', async () => {
    await using visit = await openTaskPage(stage.browser, stage.gateway.url);
    const { page } = visit;
    await visit.create('never mind');
    await visit.row('never mind').getByText('Waiting').waitFor();
    const dialog = await visit.open('never mind');
    const heard = await listen(page);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('heading', { name: 'Cancelled before it was sent' }).waitFor();
    await expect.poll(() => dialog.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    // Who can't see it hears it, where the focus is.
    await expect.poll(heard).toContain('The task was cancelled.');
    expect(await dialog.getByTestId('announcer').count()).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
    expect(visit.problems).toEqual([]);
  });
});
