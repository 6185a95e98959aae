import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { ifPresent } from '../kit/system-error.ts';

const rotateAboveBytes = 10 * 1024 * 1024;
const tailBytes = 4096;
const tailLines = 12;

export type ServerLog = AsyncDisposable & {
  descriptor: number;
  tail(): Promise<string>;
};

/** Opens the server's log for one more run. A long one replaces the previous backup first. */
export async function openServerLog(path: string): Promise<ServerLog> {
  const status = await ifPresent(stat(path));
  if (status && status.size > rotateAboveBytes) await rename(path, `${path}.1`);
  const file = await open(path, 'a+', 0o600);
  const { size: start } = await file.stat();
  return { descriptor: file.fd, tail: () => readTail(file, start), [Symbol.asyncDispose]: () => file.close() };
}

async function readTail(file: FileHandle, start: number): Promise<string> {
  const { size } = await file.stat();
  const position = Math.max(start, size - tailBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, position);
  return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-tailLines).join('\n');
}
