import type { Logger as JobLogger } from 'graphile-worker';
import type { Logger } from '../kit/logger.ts';

/** What the job library says, in our own log. That a job failed is said by whoever runs it, in fewer words. */
export async function jobLoggerOf(logger: Logger): Promise<JobLogger> {
  const { Logger: LibraryLogger } = await import('graphile-worker');
  return new LibraryLogger(() => (level, message, about) => {
    if (about['failure'] === true) return;
    if (level === 'error' || level === 'warning') logger.warn({ library: 'graphile-worker' }, message);
    else logger.debug({ library: 'graphile-worker' }, message);
  });
}
