import type { Clock } from '../kit/clock.ts';
import { isPublicHost } from '../domain/request/public-host.ts';
import { isUsableResultUrl } from '../domain/task/result-url.ts';
import type { FindFileUrl, LendFile } from '../domain/task/served-file.ts';

/** The upstream fetches a reference when it begins to work on the task, which may be a while after accepting it. */
const shortestLoanShare = 1 / 12;

type Dependencies = {
  loanOf: FindFileUrl;
  reachesPrivate: boolean;
  /** Origins at which the upstream's URLs may have private addresses. */
  exemptOrigins: readonly string[];
  resultLifeMs: number;
  clock: Pick<Clock, 'now'>;
};

/**
 * Lends results to the upstream: the archive's copy if it can be reached, else the upstream's own while it lives; but not to
 * an off-peak task, which may begin after that.
 */
export function createLending({ loanOf, reachesPrivate, exemptOrigins, resultLifeMs, clock }: Dependencies): LendFile {
  const isReachable = (url: string): boolean => reachesPrivate || isPublicHost(new URL(url).hostname);

  return async ({ filesExpiry }, { id, file }, { offPeak }) => {
    const kept = file.archived ? await loanOf({ id, archived: file.archived }) : null;
    if (kept !== null && isReachable(kept.url)) return kept.url;
    if (!isUsableResultUrl(file.url, exemptOrigins)) return null;
    if (filesExpiry.kind === 'never') return file.url;
    if (filesExpiry.kind === 'unknown' || offPeak) return null;
    return filesExpiry.at.getTime() > clock.now() + resultLifeMs * shortestLoanShare ? file.url : null;
  };
}
