import { Pool } from 'undici';
import type { Clock } from '../clock.ts';

/** `unknown`: nobody answered, or with something that says nothing about the file. */
export type FileUrlState = 'alive' | 'dead' | 'unknown';

// The server's trouble or ours, not the file's.
const passingStatuses = [408, 425, 429];
// The file is there, but has no first byte.
const emptyFileStatus = 416;

/**
 * Says whether a result URL works now. It asks for the file's first byte, as a HEAD is refused by URLs signed for GET,
 * reads no body and follows no redirect.
 */
export function createFileUrlCheck({
  clock,
  timeoutMs = 5000,
}: {
  clock: Clock;
  timeoutMs?: number;
}): (url: string) => Promise<FileUrlState> {
  return async (url) => {
    const target = URL.parse(url);
    if (target === null || !['http:', 'https:'].includes(target.protocol)) return 'dead';
    const over = new AbortController();
    const timedOut = clock.sleep(timeoutMs, over.signal).then(
      () => null,
      () => null,
    );
    // For one request: URLs are checked rarely, and on many hosts. The signal also ends a connection being established.
    const pool = new Pool(target.origin, { allowH2: false, connect: { signal: over.signal } });
    try {
      return stateOf(await Promise.race([statusCode(pool, target), timedOut]));
    } finally {
      over.abort();
      await pool.destroy();
    }
  };
}

/** Null if none came. */
function statusCode(pool: Pool, { pathname, search }: URL): Promise<number | null> {
  return new Promise((resolve) => {
    pool.dispatch(
      { path: `${pathname}${search}`, method: 'GET', headers: { Range: 'bytes=0-0' } },
      {
        onRequestStart: ignore,
        onResponseStart(controller, status) {
          if (status < 200) return;
          resolve(status);
          controller.abort(new Error('The status was all that was asked for.'));
        },
        onResponseData: ignore,
        onResponseEnd: ignore,
        onResponseError: () => resolve(null),
      },
    );
  });
}

// undici insists on a handler for everything.
function ignore(): void {}

function stateOf(status: number | null): FileUrlState {
  if (status === null || passingStatuses.includes(status)) return 'unknown';
  if ((status >= 200 && status < 300) || status === emptyFileStatus) return 'alive';
  return status >= 400 && status < 500 ? 'dead' : 'unknown';
}
