import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { refusalOfNode } from '../../src/kit/needed-node.js';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

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
  await mkdir(join(directory.path, 'src/kit'), { recursive: true });
  for (const name of ['start.js', 'kit/needed-node.js']) {
    await copyFile(resolve('src', name), join(directory.path, 'src', name));
  }
  expect(await refusalOf([join(directory.path, 'src/start.js')])).toBe(
    'The gateway is not installed yet: run `npm ci` first.\n',
  );
});

test.each([
  ['npm start', 'src/start.js', '20.19.0'],
  ['npm start', 'src/start.js', '24.8.0'],
  ['npm run dev', 'src/gateway/develop.ts', '24.8.0'],
])('%s by an old Node says which one it needs: %s, %s', async (_command, file, version) => {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' });`;
  const code = `${pretend} await import(${JSON.stringify(pathToFileURL(resolve(file)))});`;
  expect(await refusalOf(['--input-type=module', '--eval', code])).toMatch(
    `The gateway needs Node 24.9 or later, and this is v${version}. `,
  );
});

test.each(['24.9.0', '24.21.0', '25.0.0'])('Node %s is no old one', (version) => {
  expect(refusalOfNode(version)).toBeNull();
});

async function refusalOf(command: string[]): Promise<string> {
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, exit] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(exit).toEqual([1, null]);
  return said;
}
