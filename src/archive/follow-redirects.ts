import type { OutboundAnswer, PublicRequests } from '../domain/outbound.ts';
import { FetchFileError } from './fetch-file-error.ts';

const redirectStatuses = [301, 302, 303, 307, 308];
const maxRedirects = 3;

/** Enough for the longest video over a slow line. */
const timeLimits = { headersTimeoutMs: 30_000, stallTimeoutMs: 30_000, timeoutMs: 30 * 60_000 };

/** Every URL on the way is requested, and so checked, like the first one. */
export async function followRedirects(
  url: string,
  requests: PublicRequests,
  signal: AbortSignal | undefined,
): Promise<OutboundAnswer> {
  let current = url;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    // Nothing here decompresses: the bytes that are kept are those that were sent.
    const headers = { 'accept-encoding': 'identity' };
    const answer = await requests.send({ url: current, method: 'GET', headers, ...timeLimits, signal });
    const location = redirectStatuses.includes(answer.status) ? answer.headers.get('location') : null;
    if (location === null) return answer;
    answer[Symbol.dispose]();
    const next = URL.parse(location, current);
    if (next === null) throw badRedirect('The file redirects to what is no URL.');
    current = next.href;
  }
  throw badRedirect(`The file redirects more than ${maxRedirects} times.`);
}

function badRedirect(message: string): FetchFileError {
  return new FetchFileError('BAD_REDIRECT', message);
}
