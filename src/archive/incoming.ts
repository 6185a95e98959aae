import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { ifPresent } from '../domain/system-error.ts';
import { folderMode, writeDurably } from './durable-files.ts';

/** No file is under way for that long: who wrote it has died. A younger one may be another process's. */
const abandonedAfterMs = 24 * 3_600_000;

/** Where files grow until they are whole: in the archive's own file system, so that a rename moves them, under names no key has. */
export type Incoming = { newPath(): string };

/** Rejects where files can't be made. Sweeps what processes that were killed left behind. */
export async function prepareIncoming(root: string, clock: Pick<Clock, 'now'>): Promise<Incoming> {
  const folder = join(root, '.incoming');
  const newPath = (): string => join(folder, randomUUID());
  await mkdir(folder, { recursive: true, mode: folderMode });
  await access(root, constants.W_OK | constants.X_OK);
  await tryOut(newPath());
  await sweep(folder, clock.now() - abandonedAfterMs);
  return { newPath };
}

async function tryOut(path: string): Promise<void> {
  await writeDurably(path, emptyContent());
  await rm(path);
}

async function* emptyContent(): AsyncGenerator<Uint8Array> {}

async function sweep(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const status = await ifPresent(stat(path));
    if (status && status.mtimeMs < before) await rm(path, { force: true });
  }
}
