import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { systemClock } from '../kit/clock.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { RunAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { ifPresent, isSystemError } from '../kit/system-error.ts';

const temporaryPrefix = 'initdb-';
const abandonedAfterMs = 10 * 60_000;

// A collation that comes with PostgreSQL, so that the same data works on any system.
const initdbOptions = [
  '--username=postgres',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];

export type DataFolder = {
  directory: string;
  path: string;
  binaries: Binaries;
  runAs: RunAs;
  environment: NodeJS.ProcessEnv;
  authentication: string[];
};

/**
 * Creates the data folder unless it exists. It is made under another name and then renamed, so that an existing one is
 * complete, whenever a start was killed, and however many start at once.
 */
export async function prepareDataFolder(folder: DataFolder): Promise<void> {
  const major = await ifPresent(readFile(join(folder.path, 'PG_VERSION'), 'utf8'));
  if (major === undefined) await createDataFolder(folder);
  else if (major.trim() !== folder.binaries.major) throw wrongMajor(folder, major.trim());
}

async function createDataFolder(folder: DataFolder): Promise<void> {
  await removeAbandoned(folder.directory);
  const temporary = join(folder.directory, `${temporaryPrefix}${randomUUID()}`);
  try {
    await initialise(folder, temporary);
    await moveInto(folder.path, temporary);
    await syncFolder(folder.directory);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function initialise(folder: DataFolder, temporary: string): Promise<void> {
  const { runAs, binaries, authentication, environment } = folder;
  const command = runAs(binaries.initdb, [...initdbOptions, ...authentication, `--pgdata=${temporary}`]);
  // In a session of its own, so that Ctrl-C reaches only the gateway, which then stops in order.
  const child = spawn(command.file, command.arguments, {
    ...command.identity,
    env: environment,
    cwd: folder.directory,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    if (code !== 0) throw new Error(output.trim());
  } catch (cause) {
    const message = `The data folder ${folder.path} could not be made (set DATABASE_URL to do without): ${reasonOf(cause)}`;
    throw new EmbeddedPostgresError('INITDB_FAILED', message, { cause });
  }
}

async function moveInto(path: string, temporary: string): Promise<void> {
  try {
    await rename(temporary, path);
  } catch (cause) {
    if (await ifPresent(stat(join(path, 'PG_VERSION')))) return; // another start was faster
    const message = `${path} is neither empty nor a data folder of PostgreSQL: move it away, or set another DATA_DIR.`;
    throw new EmbeddedPostgresError('NOT_A_DATA_FOLDER', message, { cause });
  }
}

/** Leftovers of starts that were killed. Recent ones may belong to a start that is under way. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(temporaryPrefix)) continue;
    const status = await ifPresent(stat(join(directory, name)));
    if (!status || systemClock.now() - status.mtimeMs < abandonedAfterMs) continue;
    await rm(join(directory, name), { recursive: true, force: true });
  }
}

/** initdb has synced its files; the new name must reach the disk, too. */
async function syncFolder(directory: string): Promise<void> {
  try {
    await using handle = await open(directory);
    await handle.sync();
  } catch (error) {
    if (!isSystemError(error, 'EPERM', 'EISDIR', 'EACCES')) throw error; // Windows opens no folders
  }
}

function wrongMajor(folder: DataFolder, major: string): EmbeddedPostgresError {
  const message =
    `${folder.path} holds data of PostgreSQL ${major}, and this gateway brings PostgreSQL ${folder.binaries.major}. ` +
    'Dump it with the older version and load the dump into a new DATA_DIR, or serve it yourself and set DATABASE_URL.';
  return new EmbeddedPostgresError('WRONG_MAJOR', message);
}
