import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { noQuotas } from '../support/no-quotas.ts';
import { makeWebhookSecret } from '../../src/domain/task/webhook-secret.ts';
import { openAccess, startTestGateway } from '../support/gateway.ts';
import { startReceiver } from '../webhooks/receiver.ts';
import { browserPath, setStage } from './page-gateway.ts';
import { listen, loseFirstAnswer, openTaskPage } from './task-page.ts';

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

    // Nothing hides what is wrong, such as the buttons that stay below.
    const problem = page.getByText('This is not a JSON object.');
    const bottomOf = (found: Locator) => found.evaluate((element) => element.getBoundingClientRect().bottom);
    expect(await bottomOf(problem)).toBeLessThan(
      await create.evaluate((element) => element.getBoundingClientRect().top),
    );

    await parameters.fill('');
    await create.click();
    await expect.poll(() => hasFocus(image)).toBe(true);
    expect(await image.getAttribute('aria-invalid')).toBe('true');
    expect(await describedBy(image)).toMatch(/private|reach/i);

    // A user who corrects one mistake is not taken to another.
    await page.getByRole('button', { name: 'Add reference image' }).click();
    await create.click();
    await expect.poll(() => hasFocus(image)).toBe(true);
    const second = page.getByLabel('Reference image 2', { exact: true });
    expect(await second.getAttribute('aria-invalid')).toBe('true');
    await second.pressSequentially('abc');
    expect(await second.inputValue()).toBe('abc');
    await page.getByRole('button', { name: 'Remove reference image 2' }).click();
    expect(await hasFocus(image)).toBe(true);
    await page.getByRole('button', { name: 'Remove reference image 1' }).click();
    expect(await hasFocus(page.getByRole('button', { name: 'Add reference image' }))).toBe(true);
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
    await loseFirstAnswer(page, 'mutation CreateImageTask');
    await visit.openForm('Image');
    await page.getByLabel('Prompt', { exact: true }).fill('only once');
    const create = page.getByRole('button', { name: 'Create', exact: true });
    await create.click();
    await page.getByRole('alert').getByText('The gateway can’t be reached.').waitFor();
    await page.getByRole('alert').getByText('may have been created').waitFor();
    await create.click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await row('only once').getByText('Done').waitFor();
    expect(await row('only once').count()).toBe(1);

    // Another form is another wish.
    await visit.create('only once');
    await expect.poll(() => row('only once').count()).toBe(2);
  });

  test('takes a number for what it is, or says at its field that it is none', async () => {
    await using visit = await openPage();
    const { page } = visit;
    const sent: Record<string, unknown>[] = [];
    page.on('request', (request) => {
      const { query, variables } = request.postDataJSON() ?? {};
      if (query?.includes('mutation')) sent.push(variables.input);
    });
    const create = page.getByRole('button', { name: 'Create', exact: true });
    await visit.openForm('Video');
    await page.getByLabel('Prompt', { exact: true }).fill('five and a half');
    const duration = page.getByLabel('Duration in seconds');
    for (const wrong of ['10 s', '5.5', '99999999999']) {
      await duration.fill(wrong);
      await create.click();
      await expect.poll(() => describedBy(duration)).toContain('This is not a whole number');
      expect(await hasFocus(duration)).toBe(true);
    }
    expect(sent).toEqual([]);

    await page.getByRole('navigation', { name: 'What to create' }).getByText('Image').click();
    // Of the other kind's mistake nothing is left.
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await page.getByText('More options').click();
    await page.getByLabel('Number of images').fill('１');
    await create.click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(sent).toEqual([expect.objectContaining({ outputImageCount: 1 })]);
  });

  test('that was closed by mistake is there again, until it is discarded', async () => {
    await using visit = await openPage();
    const { page } = visit;
    await visit.openForm('Video');
    const prompt = page.getByLabel('Prompt', { exact: true });
    await prompt.fill('a long thought');
    await page.keyboard.press('Escape');
    await page.getByText('“a long thought” was not sent.').waitFor();
    await page.getByRole('link', { name: 'New task' }).click();
    expect(await prompt.inputValue()).toBe('a long thought');
    expect(new URL(page.url()).searchParams.get('create')).toBe('VIDEO');
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.getByText('a long thought').count()).toBe(0);
    await page.getByRole('link', { name: 'New task' }).click();
    expect(await prompt.inputValue()).toBe('');
  });

  test('that was closed while it creates lets the next one be', async () => {
    await using visit = await openPage();
    const { page } = visit;
    const heard = await listen(page);
    const released = Promise.withResolvers<void>();
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('mutation CreateImageTask')) await released.promise;
      await route.continue();
    });
    await visit.openForm('Image');
    const prompt = page.getByLabel('Prompt', { exact: true });
    await prompt.fill('the first one');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('button', { name: 'Creating…' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('“the first one” is being created…').waitFor();
    await visit.openForm('Video');
    await prompt.fill('the second one');
    released.resolve();
    await visit.row('the first one').waitFor({ state: 'attached' });
    await expect.poll(heard).toContain('The task was created.');
    expect(await prompt.inputValue()).toBe('the second one');
  });

  test('whose answer is lost after it was closed says so, and still makes one task', async () => {
    await using visit = await openPage();
    const { page, row } = visit;
    const heard = await listen(page);
    const released = Promise.withResolvers<void>();
    await loseFirstAnswer(page, 'mutation CreateImageTask', released.promise);
    await visit.openForm('Image');
    await page.getByLabel('Prompt', { exact: true }).fill('closed too early');
    const create = page.getByRole('button', { name: 'Create', exact: true });
    await create.click();
    await page.getByRole('button', { name: 'Creating…' }).waitFor();
    await page.keyboard.press('Escape');
    released.resolve();
    await page.getByText('“closed too early” was sent, but no answer came: it may exist.').waitFor();
    await expect.poll(heard).toContain('was not created');
    await page.getByRole('link', { name: 'Open the form' }).click();
    await page.getByRole('alert').getByText('may have been created').waitFor();
    await create.click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await row('closed too early').getByText('Done').waitFor();
    expect(await row('closed too early').count()).toBe(1);
  });

  test('doesn’t wait for an answer for ever', async () => {
    await using visit = await openPage();
    const { page } = visit;
    await page.clock.install();
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('mutation') ? undefined : route.continue(),
    );
    await visit.openForm('Image');
    await page.getByLabel('Prompt', { exact: true }).fill('never answered');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('button', { name: 'Creating…' }).waitFor();
    await page.clock.fastForward('01:20');
    await page.getByRole('alert').getByText('The gateway did not answer.').waitFor();
    await page.getByRole('alert').getByText('may have been created').waitFor();
  });

  test('asks for a webhook, and the task says what that was told', async () => {
    await using receiver = await startReceiver();
    const webhooks = { secrets: [makeWebhookSecret()], exemptOrigins: [receiver.origin] };
    await using gateway = await startTestGateway({ webhooks });
    await using visit = await openTaskPage(stage.browser, gateway.url);
    const { page } = visit;
    await visit.openForm('Image');
    await page.getByLabel('Prompt', { exact: true }).fill('to be told');
    await page.getByText('More options').click();
    const url = page.getByLabel('Webhook', { exact: true });
    await page.getByLabel('Events of the webhook').selectOption('Each change');
    const create = page.getByRole('button', { name: 'Create', exact: true });
    await create.click();
    await expect.poll(() => describedBy(url)).toContain('Which webhook?');
    await url.fill('ftp://127.0.0.1/');
    await create.click();
    await expect.poll(() => hasFocus(url)).toBe(true);
    await expect.poll(() => url.getAttribute('aria-invalid')).toBe('true');
    await url.fill(`${receiver.origin}/hook`);
    await create.click();
    await visit.row('to be told').getByText('Done').waitFor();
    await expect.poll(() => receiver.received.some(({ body }) => body.includes('"DONE"'))).toBe(true);
    expect(receiver.received[0]?.body).toContain('task.changed');
    const dialog = await visit.open('to be told');
    const told = dialog.getByRole('region', { name: 'Webhook' });
    await told.getByText('Change: delivered').first().waitFor();
  });

  test('says that the task it was to begin with is not known', async () => {
    await using visit = await openPage('/?create=IMAGE&like=01a1fa86-8c29-722b-afc5-31457453b84e');
    await visit.page.getByRole('alert').getByText('There is no task with this id').waitFor();
  });
});

describe.skipIf(browserPath === null)('the form of an owner with a quota', { timeout: 60_000 }, () => {
  const stage = setStage({
    access: { ...openAccess, quotas: { ...noQuotas, tasksInFlight: { default: 0, byOwner: new Map() } } },
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
