import { OutboundError, type PublicRequests } from '../domain/outbound.ts';

/** `unknown`: nobody answered, or with something that says nothing about the file. */
export type FileUrlState = 'alive' | 'dead' | 'unknown';

// The server's trouble or ours, not the file's.
const passingStatuses = [408, 425, 429];
// The file is there, but has no first byte.
const emptyFileStatus = 416;

/**
 * Says whether a result URL works now. It asks for the file's first byte, as a HEAD is refused by URLs signed for GET,
 * reads no body and follows no redirect. A URL that nothing is sent to, such as one into a private network, is dead.
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
