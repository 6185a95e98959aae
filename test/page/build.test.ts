import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sourcesFile, stateOfBuild } from '../../src/http/static/page/page-folder.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const builder = new URL('../../src/http/static/page/build-page.ts', import.meta.url).href;
const program = `await (await import(${JSON.stringify(builder)})).buildPage(process.argv[1]);`;

/** As an installation does. */
const build = (folder: string) =>
  promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, folder], { env: {} });

test('replaces an earlier build, and leaves alone what lies beside it', async () => {
  await using directory = await createTemporaryDirectory();
  const folder = join(directory.path, 'build');
  await mkdir(join(folder, 'page'), { recursive: true });
  await writeFile(join(folder, 'page', 'old.js'), '');
  await writeFile(join(directory.path, 'beside'), '');
  expect(await stateOfBuild(folder)).toBe('missing');
  await build(folder);
  expect(await stateOfBuild(folder)).toBe('current');
  expect(await readdir(directory.path)).toEqual(['beside', 'build']);
  expect(await readdir(join(folder, 'page'))).not.toContain('old.js');

  await writeFile(join(folder, sourcesFile), 'of other sources');
  expect(await stateOfBuild(folder)).toBe('outdated');
});

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
