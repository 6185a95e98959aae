import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What the page is built from. */
export const sourceFolder = join(root, 'src/page');

/** Where builds are kept. `npm ci` empties it, and fills it again. */
export const cacheFolder = join(root, 'node_modules/.cache/aigc-task-gateway-page');

/** What decides how the sources are built: the versions of its libraries, and this room. */
const alsoFrom = [join(root, 'package-lock.json'), fileURLToPath(new URL('build-page.ts', import.meta.url))];

/** Where the build of the present sources is, or is to be. */
export async function findPageFolder(): Promise<string> {
  const entries = await readdir(sourceFolder, { recursive: true, withFileTypes: true });
  const sources = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const path of [...sources.toSorted(), ...alsoFrom]) {
    hash.update(`${path.slice(root.length)}\0`).update(await readFile(path));
  }
  return join(cacheFolder, hash.digest('hex').slice(0, 16));
}
