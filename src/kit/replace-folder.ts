import { rename, rm } from 'node:fs/promises';
import { isSystemError } from './system-error.ts';

/** Puts a folder in the place of another, which may be missing. Of several that do so at once, one stays. */
export async function replaceFolder(folder: string, next: string): Promise<void> {
  const old = `${next}.old`;
  await rename(folder, old).catch(unlessSystemError('ENOENT'));
  await rename(next, folder).catch(unlessSystemError('ENOTEMPTY', 'EEXIST', 'EPERM'));
  for (const left of [old, next]) await rm(left, { recursive: true, force: true });
}

function unlessSystemError(...codes: string[]): (error: unknown) => void {
  return (error) => {
    if (!isSystemError(error, ...codes)) throw error;
  };
}
