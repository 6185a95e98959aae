import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { noQuotas } from '../../src/domain/quota.ts';
import { openAccess } from '../support/gateway.ts';
import { browserPath, setStage } from './page-gateway.ts';
import { openTaskPage } from './task-page.ts';

/** The sandbox paints a result when it is first asked for. */
const patience = { timeout: 20_000 };

const describedBy = (field: Locator): Promise<string> =>
  field.evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
      .join(' '),
  );
const hasFocus = (field: Locator): Promise<boolean> => field.evaluate((element) => element === document.activeElement);

describe.skipIf(browserPath === null)('the form', { timeout: 60_000 }, () => {
  const stage = setStage();
  const openPage = (path = '/') => openTaskPage(stage.browser, stage.gateway.url, { path, filesAt: stage.filesAt });

  test('creates a video with what the chosen model offers', async () => {
    await using visit = await openPage();
    const { page, row } = visit;
    await visit.openForm('Video');
    await page.getByLabel('Prompt', { exact: true }).fill('waves under a full moon');
    await page.getByLabel('Model').and(page.locator('[name=model]')).selectOption('Kling');
    await page.getByLabel('Version').selectOption('2.1');
    expect(await page.getByLabel('Duration in seconds').locator('option').allTextContents()).toEqual([
      'The model’s default',
      '5',
      '10',
    ]);
    await page.getByLabel('Duration in seconds').selectOption('5');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await row('waves under').getByText('Kling 2.1').waitFor();
    await row('waves under').getByText('5 s', { exact: true }).waitFor();
    await row('waves under').getByText('Done').waitFor();

    const dialog = await visit.open('waves under');
    await expect
      .poll(() => dialog.locator('video').evaluate((video: HTMLVideoElement) => Math.round(video.duration)), patience)
      .toBe(5);
    expect(visit.problems).toEqual([]);
  });

  test('creates audio, which can be listened to', async () => {
    await using visit = await openPage();
    await visit.openForm('Audio');
    await visit.page.getByLabel('Prompt', { exact: true }).fill('rain on a tin roof');
    await visit.page.getByRole('button', { name: 'Create', exact: true }).click();
    await visit.row('rain on').getByText('Done').waitFor();
    const dialog = await visit.open('rain on');
    await expect
      .poll(() => dialog.locator('audio').evaluate((audio: HTMLAudioElement) => audio.duration), patience)
      .toBeGreaterThan(0);
    expect(visit.problems).toEqual([]);
  });

  test('says at each field what is wrong with it, and goes to the first', async () => {
    await using visit = await openPage();
    const { page } = visit;
    await visit.openForm('Video');
    await page.getByRole('button', { name: 'Add reference image' }).click();
    const image = page.getByLabel('Reference image 1', { exact: true });
    await image.fill('http://127.0.0.1/secret.png');
    await page.getByText('More options').click();
    const parameters = page.getByLabel('Additional parameters');
    await parameters.fill('[1]');
    await page.getByText('More options').click();
    const create = page.getByRole('button', { name: 'Create', exact: true });
    await create.click();
    await expect.poll(() => hasFocus(parameters)).toBe(true);
    expect(await describedBy(parameters)).toContain('This is not a JSON object.');

    await parameters.fill('');
    await create.click();
    await expect.poll(() => hasFocus(image)).toBe(true);
    expect(await image.getAttribute('aria-invalid')).toBe('true');
    expect(await describedBy(image)).toMatch(/private|reach/i);

    // Whoever mends one mistake is not taken away to another.
    await page.getByRole('button', { name: 'Add reference image' }).click();
    await create.click();
    await expect.poll(() => hasFocus(image)).toBe(true);
    const second = page.getByLabel('Reference image 2', { exact: true });
    expect(await second.getAttribute('aria-invalid')).toBe('true');
    await second.pressSequentially('abc');
    expect(await second.inputValue()).toBe('abc');
    await page.getByRole('button', { name: 'Remove reference image 2' }).click();

    await page.getByRole('button', { name: 'Remove reference image 1' }).click();
    await create.click();
    const prompt = page.getByLabel('Prompt', { exact: true });
    await expect.poll(() => hasFocus(prompt)).toBe(true);
    expect(await describedBy(prompt)).toContain('A video needs a prompt');
    await prompt.fill('a fox in the snow');
    expect(await prompt.getAttribute('aria-invalid')).toBe('false');
    await create.click();
    await visit.row('a fox in the snow').waitFor();
  });

  test('keeps the words, and forgets the model, when another kind is chosen', async () => {
    await using visit = await openPage();
    const { page } = visit;
    await visit.openForm('Image');
    await page.getByLabel('Prompt', { exact: true }).fill('a garden');
    await page.locator('[name=model]').selectOption('Qwen');
    await page.getByRole('navigation', { name: 'What to create' }).getByText('Video').click();
    await page.getByLabel('Duration in seconds').waitFor();
    expect(await page.getByLabel('Prompt', { exact: true }).inputValue()).toBe('a garden');
    expect(await page.locator('[name=model]').inputValue()).toBe('');
  });

  test('sent again after an answer was lost, makes one task', async () => {
    await using visit = await openPage();
    const { page, row } = visit;
    let lost = 0;
    await page.route('**/graphql', async (route) => {
      const isCreate = route.request().postData()?.includes('mutation CreateImageTask') ?? false;
      if (!isCreate || lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      await route.abort();
    });
    await visit.openForm('Image');
    await page.getByLabel('Prompt', { exact: true }).fill('only once');
    const create = page.getByRole('button', { name: 'Create', exact: true });
    await create.click();
    await page.getByRole('alert').getByText('The gateway can’t be reached.').waitFor();
    await create.click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await row('only once').getByText('Done').waitFor();
    expect([await row('only once').count(), lost]).toEqual([1, 1]);

    // Another form is another wish.
    await visit.create('only once');
    await expect.poll(() => row('only once').count()).toBe(2);
  });
});

describe.skipIf(browserPath === null)('the form of an owner with a quota', { timeout: 60_000 }, () => {
  const stage = setStage({
    access: { ...openAccess, quotas: { ...noQuotas, tasksInFlight: { usual: 0, byOwner: new Map() } } },
  });

  test('says at the top that there is no more, and keeps what was typed', async () => {
    await using visit = await openTaskPage(stage.browser, stage.gateway.url);
    await visit.openForm();
    const prompt = visit.page.getByLabel('Prompt', { exact: true });
    await prompt.fill('one too many');
    await visit.page.getByRole('button', { name: 'Create', exact: true }).click();
    const alert = visit.page.getByRole('alert');
    await expect.poll(() => hasFocus(alert)).toBe(true);
    expect(await alert.textContent()).not.toBe('');
    expect(await prompt.inputValue()).toBe('one too many');
  });
});
