import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveIntoPlace, removeFile } from '../../src/archive/durable-files.ts';
import { openFileStore } from '../../src/archive/file-store.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { contentOf, megabyte, piecesOf } from './content.ts';

const about = { contentType: 'image/png' };
const clock = createManualClock();

let directory: Awaited<ReturnType<typeof createTemporaryDirectory>>;
let folder: string;
beforeEach(async () => {
  directory = await createTemporaryDirectory();
  folder = join(directory.path, 'deep', 'archive');
});
afterEach(() => directory[Symbol.asyncDispose]());

const open = () => openFileStore({ folder, clock });

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

describe('the folder', () => {
  it('is made, and nobody else may look into it or read what is in it', async () => {
    await using store = await open();
    await store.put('a/b/c.png', piecesOf(contentOf(9)), about);
    const paths = [folder, join(folder, '.incoming'), join(folder, 'a'), join(folder, 'a/b')];
    expect(await Promise.all(paths.map(modeOf))).toEqual(['700', '700', '700', '700']);
    expect(await modeOf(join(folder, 'a/b/c.png'))).toBe('600');
  });

  it('is told, and serves what it has without signing anything', async () => {
    await using store = await open();
    expect(store.description).toBe(`the folder ${folder}`);
    expect(store.pathOf('a/b.png')).toBe(join(folder, 'a/b.png'));
    const options = {
      at: new Date(),
      expiresAt: new Date(),
      contentType: 'a/b',
      fileName: 'b.png',
      asAttachment: true,
    };
    expect(await store.presign('a/b.png', options)).toBeNull();
  });

  it('stops the start with a clear message where a file is in its place', async () => {
    await mkdir(dirname(folder));
    await writeFile(folder, 'a file');
    await expect(open()).rejects.toMatchObject({
      name: 'ArchiveStoreError',
      code: 'UNUSABLE_FOLDER',
      message: expect.stringMatching(`The archive's folder ${folder} can't be written to (.*${folder}.*)`),
    });
  });

  it.skipIf(process.getuid?.() === 0)('stops the start where it is read-only', async () => {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o500);
    await expect(open()).rejects.toThrow('EACCES');
  });

  it('keeps no empty folders of what was removed', async () => {
    await using store = await open();
    await store.put('2026/fox/0.png', piecesOf(contentOf(9)), about);
    await store.put('2026/owl/0.png', piecesOf(contentOf(9)), about);
    await store.remove('2026/fox/0.png');
    expect(await readdir(folder, { recursive: true })).toEqual(
      expect.not.arrayContaining(['2026/fox', '2026/fox/0.png']),
    );
    await store.remove('2026/owl/0.png');
    expect(await readdir(folder)).toEqual(['.incoming']);
  });
});

describe('what a crash left', () => {
  async function leave(name: string, ageHours: number): Promise<void> {
    const path = join(folder, '.incoming', name);
    await writeFile(path, 'half a fi');
    const at = new Date(clock.now() - ageHours * 3_600_000);
    await utimes(path, at, at);
  }

  it('is swept an hour later, and not before: it may be another process at work', async () => {
    await using store = await open();
    await leave('dead', 1.1);
    await leave('working', 0.9);
    await store.sweep();
    expect(await readdir(join(folder, '.incoming'))).toEqual(['working']);
  });
});

describe('two at once', () => {
  it('who put under one key leave the whole of either', async () => {
    await using store = await open();
    await using other = await open();
    const [one, two] = [contentOf(megabyte, 'one'), contentOf(megabyte, 'two')];
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([store.put('a.png', piecesOf(one), about), other.put('a.png', piecesOf(two), about)]);
      const read = await readFile(join(folder, 'a.png'));
      expect(read.equals(one) || read.equals(two)).toBe(true);
    }
  });

  type Move = (from: string, path: string) => Promise<void>;

  /** Moves files into folders whose only other file is being removed, and with it the folder. */
  async function raceWithRemovals(move: Move): Promise<void> {
    for (let round = 0; round < 100; round += 1) {
      const inFolder = (name: string): string => join(folder, String(round), name);
      const [beside, mine, from] = [inFolder('beside'), inFolder('mine'), join(directory.path, 'from')];
      await mkdir(inFolder(''), { recursive: true });
      await Promise.all([writeFile(beside, ''), writeFile(from, 'mine')]);
      await Promise.all([move(from, mine), removeFile(beside, folder)]);
      expect(await readFile(mine, 'utf8')).toBe('mine');
    }
  }

  it('of whom one empties a folder don’t hinder who puts there', async () => {
    await raceWithRemovals((from, path) => moveIntoPlace(from, path, folder));
  });

  it('would, if a folder that vanishes were not made again (control)', async () => {
    const careless: Move = async (from, path) => {
      await mkdir(dirname(path), { recursive: true });
      await rename(from, path);
    };
    await expect(raceWithRemovals(careless)).rejects.toThrow('ENOENT');
  });
});

describe('a full disk', () => {
  /** Runs a program where the folder is a file system of 1 MiB: a user who may make user namespaces can, without being root. */
  function runWithLittleRoom(command: string[]) {
    const script = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"';
    const flags = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, directory.path, ...command];
    return spawnSync('unshare', flags, { encoding: 'utf8' });
  }

  it('rejects, says so, leaves nothing, and takes what there is room for', async (context) => {
    if (runWithLittleRoom(['true']).status !== 0) context.skip('needs unshare with user namespaces');
    const program = join(import.meta.dirname, 'full-disk-process.ts');
    const { stdout, stderr } = runWithLittleRoom([process.execPath, program, directory.path]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      code: 'DISK_FULL',
      message:
        `There is no room left in the archive's folder ${directory.path}: "large.mp4" was not kept. ` +
        'Make room on that disk.',
      left: ['.incoming'],
      after: ['.incoming', 'small.mp4'],
    });
  });
});
