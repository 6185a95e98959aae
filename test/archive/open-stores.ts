import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveStore } from '../../src/archive/archive-store.ts';
import { openFileStore } from '../../src/archive/file-store.ts';
import { openS3Store, type S3StoreOptions } from '../../src/archive/s3-store.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { startS3Server } from '../support/s3-server.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

export const contentType = 'video/mp4';

/** How to open a store, told to another process. */
export type StoreAddress = { folder: string } | { bucket: S3StoreOptions };

export function openStore(address: StoreAddress): Promise<ArchiveStore> {
  if ('bucket' in address) return openS3Store(address.bucket);
  return openFileStore({ folder: address.folder, clock: systemClock });
}

export type OpenedStore = AsyncDisposable & {
  store: ArchiveStore;
  address: StoreAddress;
  /** By a URL, or as the gateway serves it; null where there is nothing. */
  read(key: string): Promise<Buffer | null>;
  /** How many bytes of puts under way have left the process that puts. */
  bytesArrived(): Promise<number>;
  /** How many more bytes may have been taken from a source. */
  mostAhead: number;
  /** How many puts have left parts of a file where they are gathered. */
  unfinished(): Promise<number>;
};

export async function openFolder(): Promise<OpenedStore> {
  const directory = await createTemporaryDirectory();
  const folder = join(directory.path, 'archive');
  const incoming = join(folder, '.incoming');
  const store = await openFileStore({ folder, clock: systemClock });
  const unfinished = async () => (await readdir(incoming)).map((name) => join(incoming, name));
  return {
    store,
    address: { folder },
    read: (key) => readFile(store.pathOf(key) ?? '').catch(() => null),
    async bytesArrived() {
      const sizes = (await unfinished()).map(async (path) => (await stat(path)).size);
      return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    },
    mostAhead: 64 * 1024,
    unfinished: async () => (await unfinished()).length,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

export async function openBucket(): Promise<OpenedStore & { server: Awaited<ReturnType<typeof startS3Server>> }> {
  const server = await startS3Server();
  const options = { ...server.location, prefix: 'results/of the gateway' };
  const store = await openS3Store(options);
  return {
    server,
    store,
    address: { bucket: options },
    async read(key) {
      const response = await fetch(await urlOf(store, key));
      const body = Buffer.from(await response.arrayBuffer());
      return response.status === 200 ? body : null;
    },
    bytesArrived: () => Promise.resolve(server.bytesArrived()),
    // Two parts on their way, and what is gathered for the third.
    mostAhead: 3 * 5 * 1024 * 1024 + 64 * 1024,
    unfinished: async () => (await server.unfinishedUploads()).length,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A URL that works for an hour, or what is said otherwise. */
export async function urlOf(
  store: ArchiveStore,
  key: string,
  options: Partial<Parameters<ArchiveStore['presign']>[1]> = {},
) {
  const at = new Date();
  const expiresAt = new Date(at.getTime() + 3_600_000);
  const url = await store.presign(key, {
    at,
    expiresAt,
    contentType,
    fileName: 'fox.mp4',
    asAttachment: false,
    ...options,
  });
  if (url === null) throw new Error('This store signs no URLs.');
  return url;
}
