import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createImage, createVideo } from '../support/documents.ts';
import { openAccess } from '../support/gateway.ts';
import { untilEnded } from '../support/until-ended.ts';
import { browserPath, setStage } from './page-gateway.ts';
import { openTaskPage } from './task-page.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Violation = { id: string; nodes: { html: string; failureSummary: string }[] };

/** What axe finds, by all of its rules: WCAG up to 2.2 AA, and good practice. */
async function findingsOn(page: Page): Promise<string[]> {
  const violations: Violation[] = await page.evaluate(`${axe};
    axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations)`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** By how many pixels something is wider than the window. */
const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const looks = [
  { name: 'in light', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'in dark', colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  { name: 'on a tablet', colorScheme: 'light', viewport: { width: 1024, height: 768 } },
  { name: 'on a small tablet in dark', colorScheme: 'dark', viewport: { width: 768, height: 1024 } },
  { name: 'on a small phone', colorScheme: 'light', viewport: { width: 320, height: 568 } },
  { name: 'on a phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { name: 'on a phone in dark', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

describe.skipIf(browserPath === null)('axe has nothing to find', { timeout: 90_000 }, () => {
  const stage = setStage();

  beforeAll(async () => {
    const ask = async (prompt: string): Promise<string> => {
      const { createImageTask: result } = await stage.gateway.ask(createImage, {
        input: { prompt, idempotencyKey: prompt },
      });
      return result?.__typename === 'CreateImageTaskPayload' ? result.task.id : '';
    };
    for (const prompt of ['well done', 'broken [fail]']) await untilEnded(stage.gateway, await ask(prompt));
    const input = { prompt: 'takes long [slow]', model: { name: 'Kling' }, idempotencyKey: 'long' };
    await stage.gateway.ask(createVideo, { input });
  });

  test.each(looks)('$name', async ({ colorScheme, viewport }) => {
    // The checker is injected, which the page's policy rightly refuses; the journeys are tested under it.
    await using visit = await openTaskPage(stage.browser, stage.gateway.url, {
      colorScheme,
      viewport,
      bypassCSP: true,
      reducedMotion: 'reduce',
    });
    const { page } = visit;
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    expect(await findingsOn(page)).toEqual([]);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    await visit.row('takes long').getByRole('progressbar').waitFor();
    expect(await findingsOn(page)).toEqual([]);
    for (const [prompt, waitFor] of [
      ['well done', 'Open'],
      ['takes long', 'Running'],
      ['broken', 'Failure'],
    ] as const) {
      const dialog = await visit.open(prompt);
      await dialog
        .getByText(waitFor)
        .or(dialog.getByRole('region', { name: waitFor }))
        .first()
        .waitFor();
      expect(await findingsOn(page)).toEqual([]);
      await page.keyboard.press('Escape');
    }

    await visit.openForm('Video');
    await page.getByRole('button', { name: 'Add reference video' }).click();
    await page.getByText('More options').click();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('alert').waitFor();
    expect(await findingsOn(page)).toEqual([]);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  });

  test('and would find what is wrong', async () => {
    await using visit = await openTaskPage(stage.browser, stage.gateway.url, { bypassCSP: true });
    await visit.page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await visit.page.evaluate(() =>
      document.querySelector('input')?.closest('label')?.replaceWith(document.createElement('input')),
    );
    expect(await findingsOn(visit.page)).toEqual([expect.stringMatching(/^label: <input>/)]);
  });
});

describe.skipIf(browserPath === null)('axe finds nothing where a user has to sign in', { timeout: 60_000 }, () => {
  const stage = setStage({ access: { ...openAccess, modes: ['api-key'] } });

  test.each(looks)('$name', async ({ colorScheme, viewport }) => {
    await using visit = await openTaskPage(stage.browser, stage.gateway.url, {
      colorScheme,
      viewport,
      bypassCSP: true,
    });
    await visit.page.getByRole('button', { name: 'Sign in' }).click();
    await visit.page.getByText('Type a key or a token.').waitFor();
    expect(await findingsOn(visit.page)).toEqual([]);
  });
});

describe.skipIf(browserPath === null)('with a keyboard alone', { timeout: 60_000 }, () => {
  const stage = setStage();

  test('a user creates a task, opens it and closes it, and never loses the place', async () => {
    await using visit = await openTaskPage(stage.browser, stage.gateway.url, { filesAt: stage.filesAt });
    const { page } = visit;
    const { keyboard } = page;
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: element } = document;
        if (element === document.body) return '';
        return element?.getAttribute('name') ?? element?.getAttribute('aria-label') ?? element?.textContent ?? '';
      });
    const tabTo = async (wanted: string | RegExp): Promise<void> => {
      for (let presses = 0; presses < 60; presses += 1) {
        if ((await focused()).match(wanted)) return;
        await keyboard.press('Tab');
      }
      throw new Error(`Not reached by Tab: ${String(wanted)}`);
    };
    await tabTo('New task');
    await keyboard.press('Enter');
    await page.getByLabel('Prompt', { exact: true }).waitFor();
    await tabTo('prompt');
    await keyboard.type('typed by hand');
    await tabTo('Create');
    await keyboard.press('Enter');
    await visit.row('typed by hand').getByText('Done').waitFor();
    expect(await focused()).toBe('New task');

    await tabTo(/^Open task/);
    await keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('img').waitFor();
    await keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('dialog') !== null)).toBe(true);
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused()).toMatch(/^Open task/);
    expect(visit.problems).toEqual([]);
  });
});
