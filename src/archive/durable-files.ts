import { mkdir, open, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../kit/sync-folder.ts';
import { isSystemError } from '../kit/system-error.ts';

// Readable by the gateway's user alone, on a machine that it shares with others.
const fileMode = 0o600;
export const folderMode = 0o700;

/** Writes a new file, which is on disk when this resolves. */
export async function writeDurably(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  await using file = await open(path, 'wx', fileMode);
  await file.writeFile(content);
  await file.sync();
}

/** Renames below `root`, making folders on the way. The new name is on disk when this resolves. */
export async function moveIntoPlace(from: string, path: string, root: string): Promise<void> {
  await renameInto(from, path);
  // The folders above may be new, too.
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === root) return;
  }
}

async function renameInto(from: string, path: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await mkdir(dirname(path), { recursive: true, mode: folderMode });
      return await rename(from, path);
    } catch (error) {
      // Between the two steps, a removal may delete the folder, because it is empty.
      if (attempt === 10 || !isSystemError(error, 'ENOENT')) throw error;
    }
  }
}

/** Removes a file, if it exists, and the folders below `root` that it leaves empty. */
export async function removeFile(path: string, root: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
  }
  for (let folder = dirname(path); folder !== root; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return; // not empty
    }
  }
}
