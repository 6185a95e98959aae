import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, relative, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentOf, megabyte, piecesOf } from './content.ts';
import { contentType, openBucket, openFolder, type OpenedStore } from './open-stores.ts';

const key = '2026/01/0192-fox/0.mp4';
const about = { contentType };

describe.each([
  { name: 'a folder', open: openFolder },
  { name: 'a bucket', open: openBucket },
])('$name as the archive', ({ open }) => {
  let opened: OpenedStore;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened[Symbol.asyncDispose]());

  it.each([
    ['nothing', 0],
    ['a byte', 1],
    ['less than a part', megabyte],
    ['exactly two parts', 2 * 5 * 1024 * 1024],
    ['more than two parts', 12 * megabyte],
  ])('gives back byte for byte what was put: %s', async (_what, size) => {
    const content = contentOf(size);
    await opened.store.put(key, piecesOf(content), about);
    expect(content.equals((await opened.read(key)) ?? Buffer.from('absent'))).toBe(true);
    expect(await opened.unfinished()).toBe(0);
  });

  it('has nothing under a key that nothing was put under', async () => {
    await opened.store.put(key, piecesOf(contentOf(9)), about);
    expect(await opened.read(`${key}4`)).toBeNull();
  });

  it('replaces what is there when the same key is put again', async () => {
    await opened.store.put(key, piecesOf(contentOf(megabyte, 'longer')), about);
    await opened.store.put(key, piecesOf(contentOf(1_000, 'shorter')), about);
    expect(await opened.read(key)).toEqual(contentOf(1_000, 'shorter'));
  });

  it('keeps files beside each other that are put at once', async () => {
    const keys = Array.from({ length: 8 }, (_, index) => `tasks/${index}/file.png`);
    await Promise.all(keys.map((each) => opened.store.put(each, piecesOf(contentOf(200_000, each)), about)));
    for (const each of keys) expect(await opened.read(each)).toEqual(contentOf(200_000, each));
  });

  it('takes files of one name in different folders for different ones', async () => {
    await opened.store.put('one/0.png', piecesOf(contentOf(10, 'one')), about);
    await opened.store.put('other/0.png', piecesOf(contentOf(10, 'other')), about);
    await opened.store.remove('other/0.png');
    expect(await opened.read('one/0.png')).toEqual(contentOf(10, 'one'));
    expect(await opened.read('other/0.png')).toBeNull();
  });

  it('removes, and does so again where nothing is left', async () => {
    await opened.store.put(key, piecesOf(contentOf(9)), about);
    await opened.store.remove(key);
    expect(await opened.read(key)).toBeNull();
    await opened.store.remove(key);
    await opened.store.remove('never/put');
    await opened.store.put(key, piecesOf(contentOf(9)), about);
    expect(await opened.read(key)).toEqual(contentOf(9));
  });

  describe('where the source fails', () => {
    class SourceError extends Error {}

    /** Fails after so many bytes; says beforehand how much of it lies unfinished in the store. */
    async function* failAfter(size: number, seen: number[] = []): AsyncGenerator<Uint8Array> {
      yield* piecesOf(contentOf(size, 'half'));
      seen.push(await opened.unfinished());
      throw new SourceError('The vendor hung up.');
    }

    it.each([
      ['at once', 0],
      ['in the middle of the first part', megabyte],
      ['in the middle of the third part', 12 * megabyte],
    ])('%s, says why in its words, and leaves nothing', async (_when, size) => {
      const failing = opened.store.put(key, failAfter(size), about);
      await expect(failing).rejects.toThrow(new SourceError('The vendor hung up.'));
      await expect(failing).rejects.toBeInstanceOf(SourceError);
      expect(await opened.read(key)).toBeNull();
      expect(await opened.unfinished()).toBe(0);
    });

    it('had begun before (control)', async () => {
      const seen: number[] = [];
      await expect(opened.store.put(key, failAfter(12 * megabyte, seen), about)).rejects.toThrow();
      expect(seen).toEqual([1]);
    });

    it('leaves what was there before, and takes a second try', async () => {
      await opened.store.put(key, piecesOf(contentOf(1_000, 'before')), about);
      await expect(opened.store.put(key, failAfter(12 * megabyte), about)).rejects.toThrow(SourceError);
      expect(await opened.read(key)).toEqual(contentOf(1_000, 'before'));
      await opened.store.put(key, piecesOf(contentOf(1_000, 'after')), about);
      expect(await opened.read(key)).toEqual(contentOf(1_000, 'after'));
    });
  });

  describe('where the process is killed in the middle', () => {
    /** Resolves when it is dead, with how much of a put it left. */
    async function killInTheMiddle(): Promise<number> {
      const before = await opened.bytesArrived();
      const program = join(import.meta.dirname, 'put-process.ts');
      const child = spawn(process.execPath, [program, JSON.stringify(opened.address), key], { stdio: 'inherit' });
      const exit = once(child, 'exit');
      const isInTheMiddle = async () => (await opened.bytesArrived()) - before > 10 * megabyte;
      await Promise.race([
        vi.waitUntil(isInTheMiddle, { timeout: 15_000, interval: 10 }),
        exit.then(() => Promise.reject(new Error('It ended by itself.'))),
      ]);
      child.kill('SIGKILL');
      await exit;
      return opened.unfinished();
    }

    it('shows nothing of the half file, which is there (control)', async () => {
      expect(await killInTheMiddle()).toBe(1);
      expect(await opened.read(key)).toBeNull();
      await opened.store.put(key, piecesOf(contentOf(1_000)), about);
      expect(await opened.read(key)).toEqual(contentOf(1_000));
    });

    it('shows what was there before', async () => {
      await opened.store.put(key, piecesOf(contentOf(1_000, 'before')), about);
      expect(await killInTheMiddle()).toBe(1);
      expect(await opened.read(key)).toEqual(contentOf(1_000, 'before'));
    });
  });

  describe('a source that is faster', () => {
    /** 50 MB; tells how far it was ahead of what had arrived. */
    async function* hurry(ahead: { most: number }): AsyncGenerator<Uint8Array> {
      const piece = contentOf(64 * 1024);
      const before = await opened.bytesArrived();
      for (let sent = 0; sent < 50 * megabyte; sent += piece.length) {
        ahead.most = Math.max(ahead.most, sent - ((await opened.bytesArrived()) - before));
        yield piece;
      }
    }

    it('waits for the store, however long the file is', async () => {
      const ahead = { most: 0 };
      await opened.store.put(key, hurry(ahead), about);
      expect(ahead.most).toBeLessThanOrEqual(opened.mostAhead);
    });

    it('would be far ahead of one that gathers first (control)', async () => {
      const ahead = { most: 0 };
      const gathered = await Array.fromAsync(hurry(ahead));
      await opened.store.put(key, piecesOf(Buffer.concat(gathered)), about);
      expect(ahead.most).toBeGreaterThan(opened.mostAhead);
    });
  });

  describe('a key that leads elsewhere', () => {
    it.each([
      '../outside',
      'a/../../outside',
      'a/..',
      '.',
      '..',
      '',
      '/etc/passwd',
      'a/',
      'a//b',
      '.incoming/file',
      'a/.hidden',
      'a\\..\\..\\outside',
      'C:\\outside',
      'C:outside',
      'a\0b',
      '%2e%2e/outside',
      'a b',
      'file.png?versionId=1',
      'füchse',
      'file.png\n',
      'x'.repeat(201),
      Array.from({ length: 11 }, () => 'x').join('/'),
    ])('is refused: %j', async (outside) => {
      const { store } = opened;
      const before = await opened.bytesArrived();
      const refused = { name: 'ArchiveStoreError', code: 'INVALID_KEY', retryable: false };
      const presignOptions = { at: new Date(), expiresAt: new Date(), contentType, fileName: 'a', asAttachment: false };
      await expect(store.put(outside, piecesOf(contentOf(9)), about)).rejects.toMatchObject(refused);
      await expect(store.remove(outside)).rejects.toMatchObject(refused);
      expect(await opened.bytesArrived()).toBe(before);
      // A folder signs nothing, and a bucket has no paths.
      const resolved = store.pathOf.bind(null, outside);
      if ('folder' in opened.address) expect(resolved).toThrow('is no key of the archive');
      else await expect(store.presign(outside, presignOptions)).rejects.toMatchObject(refused);
    });

    it('would lead there (control)', () => {
      const folder = '/srv/archive';
      expect(relative(folder, resolve(folder, 'a/../../outside'))).toBe('../outside');
      expect(relative(folder, join(folder, '/a/../../outside'))).toBe('../outside');
    });

    it.each(['a', '0192f3a4-7c1e-7b3a-8f00-000000000000/0.mp4', 'A.b-c/1..2/x', 'x'.repeat(200)])(
      'is told from one that does not: %s',
      async (inside) => {
        await opened.store.put(inside, piecesOf(contentOf(9)), about);
        expect(await opened.read(inside)).toEqual(contentOf(9));
      },
    );
  });
});
