import { describe, expect, test } from 'vitest';
import { makeKeyFor, revokeKeyOf } from '../support/api-keys.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { openAccess } from '../support/gateway.ts';
import { browserPath, setStage } from './page-gateway.ts';
import { openTaskPage, signIn } from './task-page.ts';

describe.skipIf(browserPath === null)('where callers have to prove who they are', { timeout: 60_000 }, () => {
  const stage = setStage({ access: { ...openAccess, modes: ['api-key'], rateLimit: 200 } });
  const openPage = (path = '/') => openTaskPage(stage.browser, stage.gateway.url, { path, filesAt: stage.filesAt });
  /** The browser itself tells of every refusal, and of a socket that is closed by one. */
  const besidesRefusals = (problems: string[]) => problems.filter((text) => !/401 \(Unauthorized\)/.test(text));

  test('a key is asked for once, and opens the same journey', async () => {
    const key = await makeKeyFor(stage.gateway, 'acme');
    await using visit = await openPage();
    const { page, row } = visit;
    const input = page.getByLabel('API key or token');
    const hasFocus = () => input.evaluate((element) => element === document.activeElement);
    await expect.poll(hasFocus).toBe(true);
    // However often the user tries to get around it.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect.poll(hasFocus).toBe(true);
    await signIn(page, 'wrong');
    await expect.poll(() => page.getByRole('alert').textContent()).toBe('This key or token is not valid.');
    expect(await hasFocus()).toBe(true);
    await signIn(page, `Bearer ${key}`);
    await page.getByText('Signed in as acme').waitFor();

    await visit.create('a secret garden [slow]');
    await row('a secret').getByText('Running').waitFor();
    await row('a secret').getByText('Done').waitFor();
    await page.reload();
    const dialog = await visit.open('a secret');
    await expect
      .poll(() => dialog.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth), {
        timeout: 20_000,
      })
      .toBeGreaterThan(100);
    expect(besidesRefusals(visit.problems)).toEqual([]);
    const elsewhere = await page.evaluate(() => JSON.stringify([localStorage, location.href, document.cookie]));
    expect(elsewhere).not.toContain(key);

    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await input.waitFor();
    expect(await row('a secret').count()).toBe(0);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test('another owner sees nothing of it, on the same page', async () => {
    const [mine, theirs] = [await makeKeyFor(stage.gateway, 'mine'), await makeKeyFor(stage.gateway, 'theirs')];
    await using visit = await openPage();
    await signIn(visit.page, mine);
    await visit.create('only mine');
    await visit.row('only mine').getByText('Done').waitFor();
    await visit.page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(visit.page, theirs);
    await visit.page.getByText('Signed in as theirs').waitFor();
    await visit.page.getByText('No tasks here.').waitFor();
  });
});

describe.skipIf(browserPath === null)('a key that is revoked', { timeout: 60_000 }, () => {
  // Ten times as fast: what takes ten seconds takes one.
  const clock = createFastClock(10);
  const stage = setStage({ access: { ...openAccess, modes: ['api-key'] } }, { clock });

  test('leads back to signing in, and nothing that was typed is lost', async () => {
    const [first, second] = [await makeKeyFor(stage.gateway, 'acme'), await makeKeyFor(stage.gateway, 'acme')];
    await using visit = await openTaskPage(stage.browser, stage.gateway.url, { filesAt: stage.filesAt });
    const { page } = visit;
    const connected = page.locator('[data-connection=connected]');
    await signIn(page, first);
    await page.getByText('Signed in as acme').waitFor();
    await connected.waitFor({ state: 'attached' });
    await visit.openForm('Image');
    const prompt = page.getByLabel('Prompt', { exact: true });
    await prompt.fill('half a thought');
    await revokeKeyOf(stage.gateway, first);
    // Nothing was asked for meanwhile: the socket's end tells it.
    await page.getByText('This key or token is not valid any more.').waitFor();
    await signIn(page, second);
    expect(await prompt.inputValue()).toBe('half a thought');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await visit.row('half a thought').waitFor();
    await connected.waitFor({ state: 'attached' });
  });
});
