import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashFiles } from '../../../kit/hash-files.js';
import { ifPresent } from '../../../kit/system-error.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** What the page is built from. A release may leave it out. */
export const sourceFolder = join(root, 'src/page');

/** What its libraries are read from. */
export const libraryFolder = join(root, 'node_modules');

/** Where the built page is. */
export const pageFolder = join(root, '.page');

/** In that folder: which sources it was built from. */
export const sourcesFile = 'sources.sha256';

/** What decides how the sources are built: the versions of its libraries, and this room. */
const alsoFrom = [join(root, 'package-lock.json'), fileURLToPath(new URL('build-page.ts', import.meta.url))];

/** null where the sources are left out. */
export async function hashSources(): Promise<string | null> {
  const entries = await ifPresent(readdir(sourceFolder, { recursive: true, withFileTypes: true }));
  if (entries === undefined) return null;
  const sources = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const paths = [...sources.toSorted(), ...alsoFrom].map((path) => relative(root, path));
  return hashFiles(root, paths);
}

/** Whether there is a page to serve, of whatever sources. */
export function isBuilt(): boolean {
  return existsSync(join(pageFolder, sourcesFile));
}

/** Whether the page in a folder is missing, or was built from other sources than there are now. */
export async function stateOfBuild(folder: string = pageFolder): Promise<'missing' | 'outdated' | 'current'> {
  const built = await ifPresent(readFile(join(folder, sourcesFile), 'utf8'));
  if (built === undefined) return 'missing';
  const sources = await hashSources();
  return sources === null || sources === built ? 'current' : 'outdated';
}
