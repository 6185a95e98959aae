import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { lockFile } from '../../src/kit/file-lock.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

/** Another process that holds the lock until it ends. */
async function lockElsewhere(path: string) {
  const module = pathToFileURL(join(import.meta.dirname, '../../src/kit/file-lock.ts')).href;
  const code = `
    const { lockFile } = await import(${JSON.stringify(module)});
    console.log((await lockFile(${JSON.stringify(path)})).state);
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = await once(child.stdout, 'data');
  return { child, state: String(said).trim() };
}

test('a file is locked once, also within one process, and again after it was let go', async () => {
  await using directory = await createTemporaryDirectory();
  const path = join(directory.path, 'lock');
  {
    const lock = await lockFile(path);
    expect(lock.state).toBe('locked');
    expect((await lockFile(path)).state).toBe('held');
    expect((await lockElsewhere(path)).state).toBe('held');
    if (lock.state === 'locked') lock[Symbol.dispose]();
  }
  expect((await lockElsewhere(path)).state).toBe('locked');
});

test('a process that is frozen keeps its lock, and one that was killed has none', async () => {
  await using directory = await createTemporaryDirectory();
  const path = join(directory.path, 'lock');
  const { child, state } = await lockElsewhere(path);
  expect(state).toBe('locked');
  child.kill('SIGSTOP');
  expect((await lockFile(path)).state).toBe('held');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await lockFile(path);
  expect(lock.state).toBe('locked');
  if (lock.state === 'locked') lock[Symbol.dispose]();
});

test('where no file can be made, it says why', async () => {
  await using directory = await createTemporaryDirectory();
  const lock = await lockFile(join(directory.path, 'missing', 'lock'));
  expect(lock).toEqual({ state: 'impossible', reason: expect.stringContaining('open') });
});
