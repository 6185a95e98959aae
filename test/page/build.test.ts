import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const builder = new URL('../../src/http/page/build-page.ts', import.meta.url).href;
const program = `await (await import(${JSON.stringify(builder)})).buildPage(process.argv[1]);`;

/** As an installation does, or a gateway whose installation has not. */
const build = (folder: string) =>
  promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, folder], { env: {} });

test('of two builds at once, one stays, complete and compressed, and nothing of the other', async () => {
  await using directory = await createTemporaryDirectory();
  const folder = join(directory.path, 'build');
  await Promise.all([build(folder), build(folder)]);
  expect(await readdir(directory.path)).toEqual(['build']);
  const files = await readdir(join(folder, 'page'));
  const names = files.map((name) => name.replace(/-[\w-]{8}\./, '.')).toSorted();
  const threeOf = (name: string) => [name, `${name}.br`, `${name}.gz`];
  expect(names).toEqual(['icon.svg', 'index.css', 'index.js'].flatMap(threeOf));
});
