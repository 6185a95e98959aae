import type { Config } from '../config/config.ts';
import type { LeaseKeeper } from '../domain/lease.ts';
import { createTaskFeed } from '../events/task-feed.ts';
import { watchLease } from '../scheduler/lease-watch.ts';
import { createScheduler, type SchedulerOptions } from '../scheduler/scheduler.ts';
import { createLeaseKeeper, findLeaseVacantMs } from '../store/account-lease.ts';
import { findPlace } from '../store/change-place.ts';
import { recognizeDatabase } from '../store/database-identity.ts';
import { findChangesAfter } from '../store/find-changes.ts';
import { findTasksToTell } from '../store/find-tasks.ts';
import type { OpenDatabase } from '../store/open-database.ts';
import { createSchedulingUseCases, type SchedulingDependencies } from '../tasks/scheduling.ts';
import { publishWatchInterest } from '../tasks/watch-interest.ts';

export type SchedulingParts = Pick<OpenDatabase, 'feedDatabase' | 'leaseDatabase' | 'listenConnection' | 'beginning'> &
  Pick<SchedulerOptions, 'upstream' | 'createPolicy' | 'metrics' | 'clock' | 'machineClock' | 'logger'> & {
    config: Config;
    /** Tells this process from the other replicas. */
    processId: string;
    /** Of this process's folder, which it holds alone; null where it could not be held. */
    instance: string | null;
    isClockOff(): boolean;
    recording: SchedulingDependencies;
  };

/**
 * What spends the request budget, and what tells subscribers; each hears from the database what the other replicas do. The
 * scheduler does nothing before it is started.
 */
export function openScheduling(parts: SchedulingParts) {
  const { config, feedDatabase, processId, recording, clock, logger } = parts;
  const { account } = parts.upstream;
  const keeper = openLeaseKeeper(parts);
  const scheduler = createScheduler({
    ...parts,
    keeper,
    database: recording.database,
    tasks: createSchedulingUseCases(recording),
    limits: config.upstreamLimits,
    submissions: config.submissions,
    catalogue: config.catalogue,
  });
  recording.announcer.listen({ held: scheduler.taskHeld, canceled: scheduler.taskCanceled });
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
  // Also of a start that fails after the lease was taken for it.
  open.defer(() => keeper.release().catch(() => {}));
  open.use(feed);
  open.use(publishWatchInterest(feed, feedDatabase, { clock, logger }));
  open.defer(() => scheduler.stop());
  const { unscheduledSeconds, trouble } = open.use(
    watchLease({ findVacantMs: () => findLeaseVacantMs(parts.leaseDatabase, account), clock, logger }),
  );
  /** What keeps tasks from going on, in words for an operator. */
  const troubles = (): Record<string, string> => {
    const unscheduled = trouble();
    return { ...scheduler.troubles(), ...(unscheduled !== null && { scheduling: unscheduled }) };
  };
  return { scheduler, feed, keeper, troubles, unscheduledSeconds, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/** A holder is named by its folder first: the next process that holds the folder knows by that that it is gone. */
function openLeaseKeeper({ leaseDatabase, upstream, processId, instance, isClockOff }: SchedulingParts): LeaseKeeper {
  if (instance === null) return createLeaseKeeper(leaseDatabase, upstream.account, processId, { isClockOff });
  const formerHolders = `${instance}/`;
  const holder = `${formerHolders}${processId}`;
  return createLeaseKeeper(leaseDatabase, upstream.account, holder, { isClockOff, formerHolders });
}
