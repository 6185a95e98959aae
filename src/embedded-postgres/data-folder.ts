import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { systemClock } from '../kit/clock.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { Logger } from '../kit/logger.ts';
import type { Account, RunAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { readTemplate, unpackTemplate, type DataTemplate, type Template } from './data-template.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { syncFolder } from '../kit/sync-folder.ts';
import { ifPresent } from '../kit/system-error.ts';

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
  account: Account;
  runAs: RunAs;
  environment: NodeJS.ProcessEnv;
  authentication: string[];
};

/**
 * Creates the data folder unless it exists. It is made under another name and then renamed, so that an existing one is
 * complete, whenever a start was killed, and however many start at once.
 */
export async function prepareDataFolder(
  folder: DataFolder,
  template: DataTemplate | undefined,
  logger: Logger,
): Promise<void> {
  const major = await ifPresent(readFile(join(folder.path, 'PG_VERSION'), 'utf8'));
  if (major === undefined) await createDataFolder(folder, template, logger);
  else if (major.trim() !== folder.binaries.major) throw wrongMajor(folder, major.trim());
}

async function createDataFolder(folder: DataFolder, template: DataTemplate | undefined, logger: Logger): Promise<void> {
  await removeAbandoned(folder.directory);
  const temporary = join(folder.directory, `${temporaryPrefix}${randomUUID()}`);
  const ready = template ? await findTemplate(folder, template, logger) : null;
  try {
    await initialise(folder, temporary, ready);
    await moveInto(folder.path, temporary);
    await syncFolder(folder.directory);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** What a template must have been made for, to begin this folder. On Windows it names a password, so that none is. */
export function describeNeed({ binaries, authentication }: DataFolder, content: string): string {
  const { platform, arch } = process;
  return [`PostgreSQL ${binaries.version}`, platform, arch, ...initdbOptions, ...authentication, content].join(' ');
}

async function findTemplate(folder: DataFolder, { file, content }: DataTemplate, logger: Logger) {
  try {
    return await readTemplate(file, describeNeed(folder, content()));
  } catch (error) {
    logger.warn({ err: error, file }, 'the data folder that was made ahead can not be read: initdb makes one');
    return null;
  }
}

/** Either way, initdb sees to it that everything is on the disk. */
async function initialise(folder: DataFolder, temporary: string, template: Template | null): Promise<void> {
  try {
    if (template !== null) unpackTemplate(template, temporary, folder.account);
    const work = template === null ? [...initdbOptions, ...folder.authentication] : ['--sync-only'];
    await runInitdb(folder, [...work, `--pgdata=${temporary}`]);
  } catch (cause) {
    const message = `The data folder ${folder.path} could not be made (set DATABASE_URL to do without): ${reasonOf(cause)}`;
    throw new EmbeddedPostgresError('INITDB_FAILED', message, { cause });
  }
}

async function runInitdb({ runAs, binaries, directory, environment }: DataFolder, words: string[]): Promise<void> {
  const command = runAs(binaries.initdb, words);
  // In a session of its own, so that Ctrl-C reaches only the gateway, which then stops in order.
  const child = spawn(command.file, command.arguments, {
    ...command.identity,
    env: environment,
    cwd: directory,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(output.trim());
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

function wrongMajor(folder: DataFolder, major: string): EmbeddedPostgresError {
  const message =
    `${folder.path} holds data of PostgreSQL ${major}, and this gateway brings PostgreSQL ${folder.binaries.major}. ` +
    'Dump it with the older version and load the dump into a new DATA_DIR, or serve it yourself and set DATABASE_URL.';
  return new EmbeddedPostgresError('WRONG_MAJOR', message);
}
