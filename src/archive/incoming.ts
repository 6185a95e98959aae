import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { ifPresent } from '../kit/system-error.ts';
import { folderMode, writeDurably } from './durable-files.ts';

// The content comes from this machine's disk, so a file that has not grown for so long has lost its writer; a writer that
// only slept puts again. A younger file may be another process's.
const abandonedAfterMs = 3_600_000;

/** Where files grow until they are whole: in the archive's file system, so that a rename moves them into place. */
export type Incoming = {
  newPath(): string;
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
