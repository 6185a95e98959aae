import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { isSystemError } from '../kit/system-error.ts';
import { namesOfKey } from './archive-key.ts';
import { ArchiveStoreError, type ArchiveStore } from './archive-store.ts';
import { moveIntoPlace, removeFile, writeDurably } from './durable-files.ts';
import { prepareIncoming, type Incoming } from './incoming.ts';
import { putFrom } from './put-from.ts';
import { reasonOf } from '../kit/reason-of.ts';

export type FileStoreOptions = { folder: string; clock: Pick<Clock, 'now'> };

/** Keeps files in a folder, which several processes may share. Rejects with `UNUSABLE_FOLDER` if it can't be written to. */
export async function openFileStore({ folder, clock }: FileStoreOptions): Promise<ArchiveStore> {
  const root = resolve(folder);
  const incoming = await openIncoming(root, clock);
  const pathOf = (key: string): string => join(root, ...namesOfKey(key));

  return {
    description: `the folder ${root}`,
    pathOf,
    presign: () => Promise.resolve(null),

    async put(key, content) {
      const path = pathOf(key);
      await putFrom(
        content,
        (chunks) => writeInto(path, chunks, incoming, root),
        (cause) => explainPut(root, key, cause),
      );
    },

    async remove(key) {
      const path = pathOf(key);
      try {
        await removeFile(path, root);
      } catch (cause) {
        const message = `"${key}" could not be removed from ${root}: ${reasonOf(cause)}`;
        throw new ArchiveStoreError('REMOVE_FAILED', message, { cause });
      }
    },

    sweep: incoming.sweep,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openIncoming(root: string, clock: Pick<Clock, 'now'>): Promise<Incoming> {
  try {
    return await prepareIncoming(root, clock);
  } catch (cause) {
    const message =
      `The archive's folder ${root} can't be written to (${reasonOf(cause)}). ` +
      'Allow it to the user that the gateway runs as, or name another folder.';
    throw new ArchiveStoreError('UNUSABLE_FOLDER', message, { cause });
  }
}

async function writeInto(path: string, chunks: AsyncIterable<Uint8Array>, incoming: Incoming, root: string) {
  const temporary = incoming.newPath();
  try {
    await writeDurably(temporary, chunks);
    await moveIntoPlace(temporary, path, root);
  } catch (error) {
    // If that fails too, the sweep removes it an hour later.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

function explainPut(root: string, key: string, cause: unknown): ArchiveStoreError {
  if (isSystemError(cause, 'ENOSPC', 'EDQUOT')) {
    const message = `There is no room left in the archive's folder ${root}: "${key}" was not kept. Make room on that disk.`;
    return new ArchiveStoreError('DISK_FULL', message, { cause });
  }
  const message = `"${key}" could not be kept in ${root}: ${reasonOf(cause)}`;
  return new ArchiveStoreError('PUT_FAILED', message, { cause });
}
