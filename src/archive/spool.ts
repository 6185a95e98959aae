import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const suffix = '.part';
const pieceBytes = 256 * 1024;

/** A whole file between the upstream and the archive, on disk rather than in memory. */
export type SpooledFile = AsyncDisposable & {
  byteSize: number;
  /** Of the open file, until it is disposed of. */
  descriptor: number;
  /** From the first byte, as often as needed. */
  read(): AsyncIterable<Uint8Array>;
};

export type Spool = {
  /** Rejects with what the content throws; nothing is left then. */
  take(content: AsyncIterable<Uint8Array>): Promise<SpooledFile>;
};

/**
 * A directory, which several processes may share. Its files lose their names as soon as they are open, so the system removes
 * them however the process ends. What a process that was killed in that instant left behind is removed here.
 */
export async function openSpool(directory: string): Promise<Spool> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory)) {
    if (name.endsWith(suffix)) await removeName(join(directory, name));
  }

  return {
    async take(content) {
      const path = join(directory, `${randomUUID()}${suffix}`);
      await using opened = new AsyncDisposableStack();
      opened.defer(() => removeName(path)); // where an open file keeps its name
      const file = opened.use(await open(path, 'wx+', 0o600));
      await removeName(path);
      await file.writeFile(content);
      const { size: byteSize } = await file.stat();
      const kept = opened.move();
      return {
        byteSize,
        descriptor: file.fd,
        read: () => readAll(file, byteSize),
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
      };
    },
  };
}

/** Windows refuses while the file is open: then it is removed when it is closed, or at the next start. */
async function removeName(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

async function* readAll(file: FileHandle, byteSize: number): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < byteSize;) {
    // A new buffer each time, because a store may hold on to pieces until it has sent them.
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, byteSize - position));
    const { bytesRead } = await file.read(piece, 0, piece.length, position);
    if (bytesRead === 0) throw new Error('The spooled file is shorter than it was.');
    yield piece.subarray(0, bytesRead);
    position += bytesRead;
  }
}
