import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/embedded-postgres/endpoint.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { browserPath, setStage } from './page-gateway.ts';
import { listen, openTaskPage } from './task-page.ts';

/** The sandbox paints a result when it is first asked for. */
const patience = { timeout: 20_000 };

describe.skipIf(browserPath === null)('a user with a browser', { timeout: 60_000 }, () => {
  const stage = setStage();
  const openPage = (path = '/') => openTaskPage(stage.browser, stage.gateway.url, { path, filesAt: stage.filesAt });

  test('creates a picture, watches it move, opens it, and finds it open after a reload', async () => {
    await using visit = await openPage();
    const { page, row } = visit;
    await visit.create('a lighthouse at dawn [slow]');
    await row('a lighthouse').getByText('Running').waitFor();
    await row('a lighthouse').getByRole('progressbar').waitFor();
    await row('a lighthouse')
      .getByText(/left|any moment/)
      .waitFor();
    await row('a lighthouse').getByText('Done').waitFor();
    await expect
      .poll(() => page.getByTestId('announcer').textContent())
      .toContain('Image “a lighthouse at dawn [slow]”: done.');

    // The whole row leads to the task.
    await row('a lighthouse').getByRole('cell').nth(4).click({ force: true });
    const dialog = page.getByRole('dialog');
    await expect.poll(() => page.title()).toBe('a lighthouse at dawn [slow] · AIGC task gateway');
    const widthOf = () => dialog.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth);
    await expect.poll(widthOf, patience).toBeGreaterThan(100);
    expect(await dialog.getByRole('listitem').allTextContents()).toEqual([
      expect.stringMatching(/^Recorded/),
      expect.stringMatching(/^Sent, waiting/),
      expect.stringMatching(/^Running/),
      expect.stringMatching(/^Done/),
    ]);
    expect(await dialog.getByRole('link', { name: 'Open' }).getAttribute('href')).toContain(stage.filesAt);

    await page.reload();
    await expect.poll(widthOf, patience).toBeGreaterThan(100);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await row('a lighthouse').getByText('Done').waitFor();
    await expect.poll(() => page.title()).toBe('Tasks · AIGC task gateway');
    await page.goBack();
    await dialog.waitFor();
    expect(visit.problems).toEqual([]);
  });

  test('sees what another one creates, without doing anything', async () => {
    await using visit = await openPage();
    await using other = await openPage();
    await visit.page.getByRole('heading', { name: 'AIGC tasks' }).waitFor();
    await other.create('made by another one');
    await visit.row('made by another one').getByText('Done').waitFor();
  });

  test('is told what is left of the time, even by a computer whose clock is an hour fast', async () => {
    await using visit = await openPage();
    const { page, row } = visit;
    const hourMs = 3_600_000;
    await page.addInitScript((ms) => {
      const { now } = Date;
      Date.now = () => now() + ms;
    }, hourMs);
    await page.reload();
    expect(await page.evaluate(() => Date.now())).toBeGreaterThan(Date.now() + hourMs / 2);
    await visit.create('by a wrong clock [slow]');
    await row('by a wrong clock')
      .getByText(/^about \d+ s left$/)
      .waitFor();
  });

  test('is told of a lost connection, and sees what happened meanwhile when it is back', async () => {
    await using proxy = await startTcpProxy(addressOf(stage.gateway.url));
    const url = `http://127.0.0.1:${proxy.port}`;
    await using visit = await openTaskPage(stage.browser, url, { filesAt: stage.filesAt });
    await using undisturbed = await openPage();
    const { page, row } = visit;
    const notice = page.getByText('Connection lost, trying again.');
    await visit.create('begun before the loss [slow]');
    await row('begun before').getByText('Running').waitFor();
    expect(await notice.count()).toBe(0);

    proxy.goAway();
    await notice.waitFor();
    expect(await notice.evaluate((element) => element.closest('[role="status"]') !== null)).toBe(true);
    await undisturbed.create('begun while it was lost');
    await undisturbed.row('begun while').getByText('Done').waitFor();
    await row('begun before').getByText('Running').waitFor();
    expect(await row('begun while').count()).toBe(0);
    // What is asked for now fails, and comes by itself later.
    await page.getByRole('link', { name: 'Images' }).click();
    await page.getByRole('alert').getByText('The gateway can’t be reached.').waitFor();

    proxy.comeBack();
    await notice.waitFor({ state: 'detached' });
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await row('begun while').getByText('Done').waitFor();
    await row('begun before').getByText('Done').waitFor();
  });

  test('hears each of two equal words', async () => {
    await using visit = await openPage();
    const { page } = visit;
    const heard = await listen(page);
    for (const times of [1, 2]) {
      await visit.create('said twice [slow]');
      await expect.poll(async () => (await heard()).split('The task was created.').length - 1).toBe(times);
    }
  });

  test('who opens an unknown task is told so', async () => {
    await using visit = await openPage('/?task=01a1fa86-8c29-722b-afc5-31457453b84e');
    await visit.page.getByText('There is no task with this id.').waitFor();
    expect(visit.problems).toEqual([]);
  });
});

/** The proxy was made for PostgreSQL, and passes anything. */
function addressOf(url: string): Connection {
  return { host: '127.0.0.1', port: Number(new URL(url).port), user: '', database: '', ssl: false };
}
