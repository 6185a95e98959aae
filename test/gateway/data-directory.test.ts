import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdDataDirectory } from '../../src/gateway/data-directory.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const instanceOf = async (path: string): Promise<string | null> => {
  using held = await holdDataDirectory(path, silentLogger);
  return held.instance;
};

test('a folder is made, held by one, and has the same name after a restart', async () => {
  await using directory = await createTemporaryDirectory();
  const path = join(directory.path, 'new', '.data');
  let instance: string | null;
  {
    using held = await holdDataDirectory(path, silentLogger);
    ({ instance } = held);
    expect(instance).toMatch(/^[\w-]{36}$/);
    await expect(holdDataDirectory(path, silentLogger)).rejects.toThrow(
      new RegExp(`^Another gateway \\(process ${process.pid} on .+, since .+\\) uses the folder .+DATA_DIR`),
    );
  }
  expect(await instanceOf(path)).toBe(instance);
});

test('a copy of a folder is another one, and so is one whose name was lost', async () => {
  await using directory = await createTemporaryDirectory();
  const [path, copy] = [join(directory.path, 'one'), join(directory.path, 'copy')];
  const instance = await instanceOf(path);
  await cp(path, copy, { recursive: true });
  expect(await instanceOf(copy)).not.toBe(instance);
  const text = await readFile(join(path, 'gateway.json'), 'utf8');
  await writeFile(join(path, 'gateway.json'), text.slice(0, 20));
  expect(await instanceOf(path)).not.toBe(instance);
});

test('where a folder can’t be made, the gateway goes on without a name, and says so', async () => {
  await using directory = await createTemporaryDirectory();
  const file = join(directory.path, 'file');
  await writeFile(file, '');
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (...said: unknown[]) => void warnings.push(String(said[1])) };
  using held = await holdDataDirectory(join(file, '.data'), logger);
  expect(held.instance).toBeNull();
  expect(warnings).toEqual([expect.stringMatching(/^DATA_DIR cannot be locked/)]);
});
