import type { Config } from './config.ts';
import type { TaskFeed } from './domain/feed.ts';
import { createTaskFeed } from './events/task-feed.ts';
import { watchLease, type LeaseWatch } from './scheduler/lease-watch.ts';
import { createScheduler, type Scheduler, type SchedulerOptions } from './scheduler/scheduler.ts';
import { createLeaseKeeper, findLeaseVacantMs } from './store/account-lease.ts';
import { findPlace } from './store/change-place.ts';
import { recognizeDatabase } from './store/database-identity.ts';
import { findChangesAfter } from './store/find-changes.ts';
import { findTasksToTell } from './store/find-tasks.ts';
import type { OpenDatabase } from './store/open-database.ts';
import { createSchedulingUseCases } from './tasks/scheduling.ts';
import { publishWatchInterest } from './tasks/watch-interest.ts';

/** What spends the request budget, and what tells subscribers; each hears from the database what the other replicas do. */
export type Scheduling = AsyncDisposable &
  Pick<LeaseWatch, 'unscheduledSeconds'> & {
    scheduler: Scheduler;
    feed: TaskFeed;
    /** What keeps tasks from going on, in words for an operator. */
    troubles(): Record<string, string>;
  };

export type SchedulingParts = Pick<OpenDatabase, 'feedDatabase' | 'leaseDatabase' | 'listenConnection' | 'beginning'> &
  Pick<SchedulerOptions, 'upstream' | 'createPolicy' | 'metrics' | 'clock' | 'logger'> & {
    config: Config;
    /** Tells this process from the other replicas. */
    processId: string;
    recording: Parameters<typeof createSchedulingUseCases>[0];
  };

/** The scheduler does nothing before it is started. */
export function openScheduling(parts: SchedulingParts): Scheduling {
  const { config, feedDatabase, processId, recording, clock, logger } = parts;
  const { account } = parts.upstream;
  const scheduler = createScheduler({
    ...parts,
    keeper: createLeaseKeeper(parts.leaseDatabase, account, processId),
    tasks: createSchedulingUseCases(recording),
    limits: config.upstreamLimits,
    submissions: config.submissions,
    catalogue: config.catalogue,
  });
  const feed = createTaskFeed({
    connection: parts.listenConnection,
    beginning: parts.beginning,
    findTasks: (ids) => findTasksToTell(feedDatabase, ids),
    findPlace: () => findPlace(feedDatabase),
    findChangesAfter: (place, from) => findChangesAfter(feedDatabase, place, { from: from ?? null }),
    recognizeDatabase: () => recognizeDatabase(feedDatabase),
    onHeld: (hint) => {
      if (hint.account === account && hint.process !== processId) scheduler.lookForHeld();
    },
    onFollowed: scheduler.follow,
    onLeaseReleased: (freed) => {
      if (freed === account) scheduler.leaseReleased();
    },
    clock,
    logger,
  });
  const open = new AsyncDisposableStack();
  open.use(feed);
  open.use(publishWatchInterest(feed, feedDatabase, { clock, logger }));
  open.defer(() => scheduler.stop());
  const { unscheduledSeconds, trouble } = open.use(
    watchLease({ findVacantMs: () => findLeaseVacantMs(parts.leaseDatabase, account), clock, logger }),
  );
  const troubles = (): Record<string, string> => {
    const unscheduled = trouble();
    return { ...scheduler.troubles(), ...(unscheduled !== null && { scheduling: unscheduled }) };
  };
  return { scheduler, feed, troubles, unscheduledSeconds, [Symbol.asyncDispose]: () => open.disposeAsync() };
}
