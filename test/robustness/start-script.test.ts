import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

const script = resolve('src/start.js');

test('a supervisor that ends npm ends the gateway, in order', async () => {
  await using directory = await createTemporaryDirectory();
  const npm = spawn('npm', ['start'], {
    env: { ...process.env, DATA_DIR: directory.path, PORT: '0', SANDBOX_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void npm.kill('SIGKILL'));
  const ended = once(npm, 'exit');
  let output = '';
  npm.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(() => output.includes('Health '));
  const address = /Page +(\S+)/.exec(output)?.[1] ?? '';
  expect((await fetch(`${address}health/live`)).status).toBe(200);

  npm.kill('SIGTERM');
  await ended;
  await until(() => output.includes('Stopping: '));
  await until(() =>
    fetch(`${address}health/live`).then(
      () => false,
      () => true,
    ),
  );
});

test('a start before the install says what to do', async () => {
  await using directory = await createTemporaryDirectory();
  await mkdir(join(directory.path, 'src'));
  const copy = join(directory.path, 'src/start.js');
  await copyFile(script, copy);
  expect(await refusalOf([copy])).toBe('The gateway is not installed yet: run `npm ci` first.\n');
});

test('a start by an old Node says which one it needs', async () => {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' });`;
  const code = `${pretend} await import(${JSON.stringify(pathToFileURL(script))});`;
  expect(await refusalOf(['--input-type=module', '--eval', code])).toMatch(/^The gateway needs Node 24, and this is /);
});

async function refusalOf(command: string[]): Promise<string> {
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, exit] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(exit).toEqual([1, null]);
  return said;
}
