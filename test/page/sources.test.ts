import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { libraryFolder, sourceFolder } from '../../src/http/static/page/page-folder.ts';
import { openPageSources } from '../../src/http/static/page/page-sources.ts';
import { startBrowser } from '../support/browser.ts';
import { openAccess, startTestGateway } from '../support/gateway.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { browserPath } from './page-gateway.ts';
import { openTaskPage } from './task-page.ts';

/** The sources are a copy: edits here leave the repository as it is. */
async function openCopiedSources() {
  await using opening = new AsyncDisposableStack();
  const { path } = opening.use(await createTemporaryDirectory());
  const folder = join(path, 'src/page');
  await cp(sourceFolder, folder, { recursive: true });
  await cp(resolve('tsconfig.json'), join(path, 'tsconfig.json'));
  await symlink(libraryFolder, join(path, 'node_modules'));
  const sources = opening.use(await openPageSources({ folder, cacheFolder: join(path, 'bundled'), updatePort: 0 }));
  const open = opening.move();
  return {
    createPage: sources.createPage,
    /** As an editor saves it. */
    async edit(file: string, from: string, to: string): Promise<void> {
      const before = await readFile(join(folder, file), 'utf8');
      expect(before).toContain(from);
      await writeFile(join(folder, file), before.replace(from, to));
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

describe('the page from its sources', () => {
  let sources: Awaited<ReturnType<typeof openCopiedSources>>;
  beforeAll(async () => {
    sources = await openCopiedSources();
  });
  afterAll(() => sources[Symbol.asyncDispose]());

  test.skipIf(browserPath === null)(
    'shows an edit of a style and of a component, keeps what was typed, and is not loaded again',
    async () => {
      await using gateway = await startTestGateway({}, { createPage: sources.createPage });
      await using browser = await startBrowser(browserPath ?? '');
      await using visit = await openTaskPage(browser, gateway.url, { filesAt: gateway.gateway.sandbox?.endpoint });
      const { page } = visit;
      await page.getByText('No tasks here.').waitFor();
      await page.evaluate(() => document.documentElement.setAttribute('data-loaded', 'once'));
      await visit.openForm();
      const prompt = page.getByLabel('Prompt', { exact: true });
      await prompt.fill('begun before an edit');

      await sources.edit('styles/base.css', 'margin: 0;', 'margin: 0; outline: 3px solid rgb(1, 2, 3);');
      const outline = () => page.evaluate(() => getComputedStyle(document.body).outlineColor);
      await expect.poll(outline).toBe('rgb(1, 2, 3)');

      await sources.edit('list/task-table.tsx', 'No tasks here.', 'Nothing was made yet.');
      await page.getByText('Nothing was made yet.').waitFor();
      // What it shows is still alive, over the API's own WebSocket.
      await page.locator('[data-connection=connected]').first().waitFor({ state: 'attached' });
      // The components keep their state.
      expect(await prompt.inputValue()).toBe('begun before an edit');
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      await visit.row('begun before an edit').getByText('Done').waitFor();
      expect(await page.evaluate(() => document.documentElement.dataset['loaded'])).toBe('once');
      // All but what urql's development build advises.
      expect(visit.problems.filter((text) => !/^Invalid (?:key|undefined): /.test(text))).toEqual([]);
    },
  );

  test('takes nothing of the gateway’s other paths', async () => {
    const withoutGraphiql = { ...openAccess, graphiql: false };
    await using gateway = await startTestGateway({ access: withoutGraphiql }, { createPage: sources.createPage });
    const get = async (path: string) => await fetch(gateway.url + path);
    expect(await (await get('/')).text()).toContain('<meta name="graphiql" content="off"');
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/page/no-such-file.js')).status).toBe(404);
    expect((await get('/main.tsx')).status).toBe(404);
    expect((await get(`/page/@fs${join(sourceFolder, '../../package.json')}`)).status).toBe(403);
  });
});
