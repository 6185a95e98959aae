import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createImage, createVideo } from '../support/documents.ts';
import { untilEnded } from '../support/until-ended.ts';
import { browserPath, setStage } from './page-gateway.ts';
import { openTaskPage } from './task-page.ts';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const isWanted = process.env['UPDATE_SCREENSHOTS'] === '1';

/** `UPDATE_SCREENSHOTS=1 npm test -- test/page/screenshots.test.ts` takes the README's pictures. */
describe.skipIf(browserPath === null || !isWanted)('the README’s pictures', { timeout: 60_000 }, () => {
  // As slow as the vendor, so that some of it is still running.
  const stage = setStage({ sandbox: { port: 0, speed: 1.5, failShare: 0, seed: 1 } });

  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    const ofImage = async (prompt: string, name: string, version: string): Promise<string> => {
      const input = { prompt, model: { name, version }, aspectRatio: '16:9', idempotencyKey: prompt };
      const { createImageTask: result } = await stage.gateway.ask(createImage, { input });
      return result?.__typename === 'CreateImageTaskPayload' ? result.task.id : '';
    };
    const ofVideo = async (prompt: string, name: string, version: string): Promise<void> => {
      const model = { name, version };
      await stage.gateway.ask(createVideo, { input: { prompt, model, resolution: '1080P', idempotencyKey: prompt } });
    };
    await untilEnded(stage.gateway, await ofImage('A harbour at dawn, oil painting', 'Qwen', '0925'));
    await untilEnded(stage.gateway, await ofImage('A paper boat on a puddle, macro [fail]', 'Kling', '2.1'));
    await ofVideo('Waves under a full moon, slow motion', 'Kling', '2.1');
    await untilEnded(stage.gateway, await ofImage('A fox asleep in the first snow', 'Kling', '2.1'));
    await untilEnded(stage.gateway, await ofImage('A lighthouse on a cliff at dusk, watercolour', 'Hunyuan', '3.0'));
    await ofVideo('A street in the rain, neon signs, tracking shot', 'Hailuo', '02');
    await ofImage('A greenhouse on Mars, isometric', 'Hunyuan', '3.0');
  }, 120_000);

  const take = async (page: Page, name: string): Promise<void> => {
    await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled' });
  };
  const openPage = (look: { colorScheme: 'light' | 'dark'; width: number; height: number }) =>
    openTaskPage(stage.browser, stage.gateway.url, {
      colorScheme: look.colorScheme,
      viewport: { width: look.width, height: look.height },
      filesAt: stage.filesAt,
    });

  test('show the list, on a desk and on a phone', async () => {
    await using desk = await openPage({ colorScheme: 'light', width: 1360, height: 760 });
    await desk.row('A street').getByRole('progressbar').waitFor();
    await take(desk.page, 'page-list');
    await using phone = await openPage({ colorScheme: 'dark', width: 390, height: 844 });
    await phone.row('A street').getByRole('progressbar').waitFor();
    await take(phone.page, 'page-phone');
    expect(desk.problems).toEqual([]);
  });

  test('show an open task, and a form', async () => {
    await using visit = await openPage({ colorScheme: 'dark', width: 1000, height: 900 });
    const dialog = await visit.open('A lighthouse on');
    const width = () => dialog.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth);
    await expect.poll(width, { timeout: 20_000 }).toBeGreaterThan(100);
    await take(visit.page, 'page-task');
    await using other = await openPage({ colorScheme: 'light', width: 1000, height: 900 });
    await other.openForm('Video');
    await other.page.getByLabel('Prompt', { exact: true }).fill('A street in the rain, neon signs');
    await other.page.locator('[name=model]').selectOption('Kling');
    await other.page.getByRole('button', { name: 'Add reference image' }).click();
    await other.page.getByLabel('Reference image 1', { exact: true }).fill('http://192.168.1.7/street.png');
    await other.page.getByRole('button', { name: 'Create', exact: true }).click();
    await other.page.getByRole('alert').waitFor();
    await take(other.page, 'page-form');
  });
});
