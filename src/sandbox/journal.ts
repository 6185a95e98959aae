import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { reasonOf } from '../kit/reason-of.ts';
import { lockFile, type FileLock } from '../kit/file-lock.ts';

export type Journal = {
  /** The complete lines when the journal was opened. */
  readonly lines: readonly string[];
  /** Resolves once the line is on disk. Lines appended during a write share the next one's sync. */
  append(line: string): Promise<void>;
  close(): Promise<void>;
};

type Pending = { line: string; settle: PromiseWithResolvers<void> };

/**
 * Opens an append-only file of lines, or creates it. A torn last line, left by a crash, was never acknowledged: it is cut
 * off, so that the next line doesn't continue it. Rejects while another sandbox writes to it.
 */
export async function openJournal(path: string): Promise<Journal> {
  const file = await openFile(path);
  const lock = await lockJournal(path, file);
  const content = await file.readFile();
  let size = content.lastIndexOf('\n') + 1;
  if (size < content.length) await file.truncate(size);
  const lines = content.subarray(0, size).toString().split('\n').slice(0, -1);

  let pending: Pending[] = [];
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      const bytes = Buffer.from(batch.map(({ line }) => `${line}\n`).join(''));
      try {
        await appendDurably(file, bytes, size);
        size += bytes.length;
        for (const { settle } of batch) settle.resolve();
      } catch (error) {
        for (const { settle } of batch) settle.reject(error);
      }
    }
    writing = null;
  }

  return {
    lines,
    append(line) {
      const settle = Promise.withResolvers<void>();
      pending.push({ line, settle });
      writing ??= write();
      return settle.promise;
    },
    async close() {
      await writing;
      await file.close();
      if (lock.state === 'locked') lock[Symbol.dispose]();
    },
  };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await open(path, 'a+');
  } catch (cause) {
    throw new Error(
      `The sandbox's folder ${dirname(path)} can't be written to (${reasonOf(cause)}). ` +
        'Allow it to the user that the gateway runs as, or set another DATA_DIR.',
      { cause },
    );
  }
}

/** Two sandboxes on one journal would cut each other's lines off. Passes where files can't be locked. */
async function lockJournal(path: string, file: FileHandle): Promise<FileLock> {
  const lock = await lockFile(`${path}.lock`);
  if (lock.state !== 'held') return lock;
  await file.close();
  throw new Error(
    `Another sandbox writes to ${path}. Point all gateways at that one by TENCENTCLOUD_ENDPOINT, or set another DATA_DIR.`,
  );
}

/** Undoes a write that failed half-way (a full disk), so that its torn line doesn't stay in the middle. */
async function appendDurably(file: FileHandle, bytes: Uint8Array, sizeBefore: number): Promise<void> {
  try {
    await file.appendFile(bytes);
    await file.datasync();
  } catch (error) {
    await file.truncate(sizeBefore).catch(() => undefined);
    throw error;
  }
}
