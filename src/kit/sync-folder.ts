import { open } from 'node:fs/promises';
import { isSystemError } from './system-error.ts';

/** Brings the names in a folder to the disk. */
export async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path);
    await folder.sync();
  } catch (error) {
    // Windows opens no folders, and a folder that is gone was removed with its content.
    if (!isSystemError(error, 'EPERM', 'EISDIR', 'EACCES', 'ENOENT')) throw error;
  }
}
