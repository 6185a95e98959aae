import type { PublicRequests } from '../domain/outbound.ts';
import type { ArchiveTaskDependencies } from './archive-task.ts';
import { fetchFile } from './fetch-file.ts';
import type { DimensionsReader } from './read-dimensions.ts';
import type { Spool } from './spool.ts';

/** Fetches results to a spool on disk: checksum and dimensions need the whole file, before it is kept. */
export function createResultFetcher({
  requests,
  spool,
  maxBytes,
  reader,
}: {
  requests: PublicRequests;
  spool: Spool;
  maxBytes: number;
  reader: Pick<DimensionsReader, 'read'>;
}): ArchiveTaskDependencies['fetch'] {
  return async ({ type, url }, signal) => {
    const { contentType, content, summary } = await fetchFile(url, { requests, maxBytes, type, signal });
    await using fetching = new AsyncDisposableStack();
    const spooled = fetching.use(await spool.take(content));
    const dimensions = await reader.read(spooled, contentType);
    const fetched = fetching.move();
    return {
      contentType,
      ...summary(),
      ...dimensions,
      read: spooled.read,
      [Symbol.asyncDispose]: () => fetched.disposeAsync(),
    };
  };
}
