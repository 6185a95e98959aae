import { OutboundError, type PublicRequests } from '../domain/outbound.ts';

/** `unknown`: there was no answer, or it says nothing about the file. */
export type FileUrlState = 'alive' | 'dead' | 'unknown';

// Trouble of the server or of the network, not of the file.
const passingStatuses = [408, 425, 429];
// The file exists, but has no first byte.
const emptyFileStatus = 416;

/**
 * Checks whether a result URL works, by a GET of the first byte: URLs signed for GET refuse a HEAD. Follows no redirect. A
 * URL that must not be called, such as one into a private network, is dead.
 */
export function createFileUrlCheck({
  requests,
  timeoutMs = 5000,
}: {
  requests: PublicRequests;
  timeoutMs?: number;
}): (url: string) => Promise<FileUrlState> {
  const timeLimits = { headersTimeoutMs: timeoutMs, stallTimeoutMs: timeoutMs, timeoutMs };
  return async (url) => {
    try {
      using answer = await requests.send({ url, method: 'GET', headers: { range: 'bytes=0-0' }, ...timeLimits });
      return stateOf(answer.status);
    } catch (error) {
      return error instanceof OutboundError && error.kind === 'refused-address' ? 'dead' : 'unknown';
    }
  };
}

function stateOf(status: number): FileUrlState {
  if ((status >= 200 && status < 300) || status === emptyFileStatus) return 'alive';
  if (passingStatuses.includes(status)) return 'unknown';
  return status >= 400 && status < 500 ? 'dead' : 'unknown';
}
