import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { stateOfBundle } from '../../src/bundle/bundle-state.js';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { machineMs } from './machine-clock.ts';
import { median } from './statistics.ts';

/** What `npm start` runs, and the same without the bundle. */
export const bundled = resolve('src/start.js');
export const fromSources = resolve('src/main.ts');

/** Milliseconds from the start of a gateway on its own PostgreSQL, with the sandbox, until it answers that it is ready. */
export async function measureStart(program: string, directory: string): Promise<number> {
  const startedAt = machineMs();
  const child = spawn(process.execPath, [program], {
    cwd: directory,
    env: { PATH: process.env['PATH'], PORT: '0', SANDBOX_PORT: '0', LOG_LEVEL: 'error', DATA_DIR: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const url = /^Health +(\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    const { ok } = await fetch(url);
    const ms = machineMs() - startedAt;
    child.kill('SIGTERM');
    await exited;
    if (!ok) throw new Error('The gateway was not ready.');
    return ms;
  }
  throw new Error('The gateway ended before it was ready.');
}

export type Folders = AsyncDisposable & {
  /** Where a gateway has run twice before: what is compiled is kept from the first. */
  warm(program: string): Promise<string>;
  /** They are removed together at the end: some file systems make files slowly after many were removed. */
  fresh(): Promise<string>;
};

export async function openFolders(): Promise<Folders> {
  if (stateOfBundle() !== 'current') throw new Error('The bundle is not of these sources: npm run build makes it.');
  const directory = await createTemporaryDirectory();
  const fresh = () => mkdtemp(join(directory.path, 'data-'));
  return {
    fresh,
    async warm(program) {
      const folder = await fresh();
      for (let times = 0; times < 2; times += 1) await measureStart(program, folder);
      return folder;
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

/** Of `npm start`: medians of a start on data that are there, and of a first one. */
export async function measureStarts(rounds = 5): Promise<{ warmMs: number; coldMs: number }> {
  await using folders = await openFolders();
  const directory = await folders.warm(bundled);
  const [warm, cold]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    warm.push(await measureStart(bundled, directory));
    cold.push(await measureStart(bundled, await folders.fresh()));
  }
  return { warmMs: median(warm), coldMs: median(cold) };
}
