import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSpool } from '../../src/archive/spool.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof createTemporaryDirectory>>;
beforeEach(async () => {
  directory = await createTemporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

const bytes = Buffer.from(Array.from({ length: 1_000_003 }, (_, index) => index % 251));

async function* inPieces(pieceBytes = 70_000): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
}

test('a file is given back byte for byte, as often as it is read', async () => {
  const spool = await openSpool(directory.path);
  await using file = await spool.take(inPieces());
  expect(file.byteSize).toBe(bytes.length);
  for (let reading = 0; reading < 2; reading += 1) {
    expect(Buffer.concat(await Array.fromAsync(file.read())).equals(bytes)).toBe(true);
  }
  await file.read()[Symbol.asyncIterator]().next();
  expect(Buffer.concat(await Array.fromAsync(file.read())).equals(bytes)).toBe(true);
});

test('an empty file is one, too', async () => {
  await using file = await (await openSpool(directory.path)).take(none());
  expect(file.byteSize).toBe(0);
  expect(await Array.fromAsync(file.read())).toEqual([]);
});

async function* none(): AsyncGenerator<Uint8Array> {}

test('nothing is left of what breaks off, and its error is passed on', async () => {
  const spool = await openSpool(directory.path);
  async function* broken() {
    yield bytes;
    throw new Error('reset');
  }
  await expect(spool.take(broken())).rejects.toThrow('reset');
  expect(await readdir(directory.path)).toEqual([]);
});

test('opening sweeps what is left there, and disturbs no other process that uses the directory', async () => {
  await using file = await (await openSpool(directory.path)).take(inPieces());
  await writeFile(join(directory.path, 'left.part'), 'half a file');
  await writeFile(join(directory.path, 'README'), 'not ours');
  const other = await openSpool(directory.path);
  expect(await readdir(directory.path)).toEqual(['README']);
  expect(Buffer.concat(await Array.fromAsync(file.read())).equals(bytes)).toBe(true);
  await using another = await other.take(inPieces());
  expect(another.byteSize).toBe(bytes.length);
});

test('nothing is left of a file when its process is killed', async () => {
  const child = fork(new URL('spooling-process.ts', import.meta.url), [directory.path], { execArgv: [] });
  const [received] = await once(child, 'message');
  expect(received).toBeGreaterThan(0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await readdir(directory.path)).toEqual([]);
});
