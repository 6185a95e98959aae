import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { ifPresent } from '../kit/system-error.ts';
import { folderMode, writeDurably } from './durable-files.ts';

/**
 * No file goes without a byte for that long, since all of it lies on this machine's disk already: who wrote it has died.
 * One who only slept puts again. A younger one may be another process's.
 */
const abandonedAfterMs = 3_600_000;

/** Where files grow until they are whole: in the archive's own file system, so that a rename moves them, under names no key has. */
export type Incoming = {
  newPath(): string;
  /** Removes what processes that were killed left behind. */
  sweep(): Promise<void>;
};

/** Rejects where files can't be made. */
export async function prepareIncoming(root: string, clock: Pick<Clock, 'now'>): Promise<Incoming> {
  const folder = join(root, '.incoming');
  const newPath = (): string => join(folder, randomUUID());
  await mkdir(folder, { recursive: true, mode: folderMode });
  await access(root, constants.W_OK | constants.X_OK);
  await tryOut(newPath());
  return { newPath, sweep: () => sweep(folder, clock.now() - abandonedAfterMs) };
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
