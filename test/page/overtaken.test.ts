import type { Route, WebSocketRoute } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { createImage } from '../support/documents.ts';
import { browserPath, setStage } from './page-gateway.ts';
import { openTaskPage } from './task-page.ts';

describe.skipIf(browserPath === null)('the list of a page', { timeout: 60_000 }, () => {
  const stage = setStage();
  const openPage = () => openTaskPage(stage.browser, 'about:blank', { path: '', filesAt: stage.filesAt });
  const create = (prompt: string) => stage.gateway.ask(createImage, { input: { prompt, idempotencyKey: prompt } });

  test('does not go back when an answer comes that was read before the last news', async () => {
    await using visit = await openPage();
    const { page, row } = visit;
    await page.goto(stage.gateway.url);
    await create('the one that ends [slow]');
    await row('the one that ends').getByText('Running').waitFor();

    const released = Promise.withResolvers<void>();
    let held = 0;
    await page.route('**/graphql', async (route: Route) => {
      if (!route.request().postData()?.includes('query TaskList')) return route.continue();
      const response = await route.fetch();
      if (held === 0 && !(await response.text()).includes('"RUN"')) throw new Error('It has ended too early.');
      held += 1;
      await released.promise;
      await route.fulfill({ response });
    });
    await create('a newcomer');
    await expect.poll(() => held, { timeout: 5_000 }).toBe(1);
    await row('the one that ends').getByText('Done').waitFor();
    // Whatever is shown from now on is written down.
    await page.evaluate(() => {
      new MutationObserver(() => {
        const shown = Array.from(document.querySelectorAll('tbody tr'), (element) => element.textContent).join(' ');
        document.documentElement.dataset['shown'] = `${document.documentElement.dataset['shown'] ?? ''}${shown}`;
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    released.resolve();
    await row('a newcomer').getByText('Done').waitFor();
    const shown = await page.evaluate(() => document.documentElement.dataset['shown']);
    expect(shown).toContain('the one that ends');
    expect(shown).not.toContain('Running');
    expect(held).toBeGreaterThan(1);
  });

  test('is read again, and followed from there, when too much has changed to catch up', async () => {
    await using visit = await openPage();
    const { page, row } = visit;
    const sockets: { route: WebSocketRoute; subscriptions: { id: string; after: string }[] }[] = [];
    await page.routeWebSocket('**/graphql', (route) => {
      const socket = { route, subscriptions: new Array<{ id: string; after: string }>() };
      sockets.push(socket);
      const server = route.connectToServer();
      route.onMessage((message) => {
        const { type, id, payload } = JSON.parse(String(message));
        if (type === 'subscribe') socket.subscriptions.push({ id, after: payload.variables.after });
        server.send(message);
      });
    });
    await page.goto(stage.gateway.url);
    await expect.poll(() => sockets[0]?.subscriptions.length, { timeout: 5_000 }).toBe(1);
    const [first] = sockets[0]?.subscriptions ?? [];
    const errors = [{ message: 'Too much has changed.', extensions: { code: 'REFETCH_REQUIRED' } }];
    sockets[0]?.route.send(JSON.stringify({ id: first?.id, type: 'error', payload: errors }));

    const all = () => sockets.flatMap(({ subscriptions }) => subscriptions);
    await expect.poll(() => all().length, { timeout: 5_000 }).toBe(2);
    expect(all()[1]?.after).toBeTruthy();
    await create('after the catching up');
    await row('after the catching up').getByText('Done').waitFor();
  });
});

describe.skipIf(browserPath === null)('an open task', { timeout: 60_000 }, () => {
  const stage = setStage();

  test('that ends shows its result, also when the list hears of it first', async () => {
    await using visit = await openTaskPage(stage.browser, 'about:blank', { path: '', filesAt: stage.filesAt });
    const { page, row } = visit;
    const released = Promise.withResolvers<void>();
    let held = 0;
    await page.routeWebSocket('**/graphql', (route) => {
      const ofOpenTask = new Set<string>();
      const server = route.connectToServer();
      route.onMessage((message) => {
        const { type, id, payload } = JSON.parse(String(message));
        if (type === 'subscribe' && payload.query.includes('subscription FollowTask')) ofOpenTask.add(id);
        server.send(message);
      });
      server.onMessage(async (message) => {
        const { type, id } = JSON.parse(String(message));
        if (type === 'next' && ofOpenTask.has(id) && String(message).includes('"DONE"')) {
          held += 1;
          await released.promise;
        }
        route.send(message);
      });
    });
    await page.goto(stage.gateway.url);
    await page.getByText('No tasks here.').waitFor();
    const prompt = 'ends while it is open [slow]';
    await stage.gateway.ask(createImage, { input: { prompt, idempotencyKey: prompt } });
    await row('ends while').getByText('Running').waitFor();
    const dialog = await visit.open('ends while');
    await dialog
      .getByRole('listitem')
      .filter({ hasText: /^Running/ })
      .waitFor();
    await row('ends while').getByText('Done').waitFor({ state: 'attached' });
    await expect.poll(() => held).toBeGreaterThan(0);
    released.resolve();
    await dialog.getByRole('img').waitFor();
    await dialog.getByRole('listitem').filter({ hasText: /^Done/ }).waitFor();
    await dialog.getByText('Ended', { exact: true }).waitFor();
  });
});
