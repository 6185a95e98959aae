import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const packageSchema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });
const installedSchema = z.object({ version: z.string() });

/** Brings the packages of a folder along, unless they are there: they are for this comparison, not the project's own. */
export async function installIn(folder: string): Promise<void> {
  if (await isInstalled(folder)) return;
  console.log(`Installing what is measured beside, in ${folder}`);
  const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  const shell = process.platform === 'win32';
  const child = spawn('npm', ['install', ...options], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], shell });
  const [code]: unknown[] = await once(child, 'exit');
  if (code !== 0) throw new Error(`npm install in ${folder} ended with code ${String(code)}.`);
}

async function isInstalled(folder: string): Promise<boolean> {
  const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(folder, path), 'utf8'));
  const { dependencies } = packageSchema.parse(await read('package.json'));
  const versionOf = async (name: string): Promise<string | null> => {
    const found = await read(join('node_modules', name, 'package.json')).catch(() => null);
    return installedSchema.safeParse(found).data?.version ?? null;
  };
  const found = await Promise.all(Object.keys(dependencies).map(versionOf));
  return Object.values(dependencies).every((version, index) => found[index] === version);
}
