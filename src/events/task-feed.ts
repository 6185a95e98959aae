import type { ClientConfig } from 'pg';
import type { Clock } from '../kit/clock.ts';
import type { ChangePlace } from '../domain/task/change-place.ts';
import { RefetchRequiredError } from '../domain/errors.ts';
import type { FoundTask, TaskFeed } from '../domain/task/feed.ts';
import {
  decodeHeldHint,
  decodeHints,
  hintChannels,
  ownerTag,
  type HeldHint,
  type TaskHint,
} from '../domain/task/task-hint.ts';
import type { Logger } from '../kit/logger.ts';
import { listen } from './listener.ts';
import { createMissedChanges, type ChangeReads } from './missed-changes.ts';
import { createReadLine } from './read-line.ts';
import { createSubscriberIndex } from './subscriber-index.ts';
import { createSubscriptionQueue } from './subscription-queue.ts';
import { createUrgentTasks } from './urgent-tasks.ts';

export type FeedReads = ChangeReads & {
  findTasks(ids: readonly string[]): Promise<FoundTask[]>;
  /** Checks whether the database is still the same. What it finds shows in the places. */
  recognizeDatabase(): Promise<unknown>;
};

export type FeedOptions = FeedReads & {
  connection: ClientConfig;
  /** Where the database was before any subscription. */
  beginning: ChangePlace;
  /** A process has recorded tasks to send. */
  onHeld(hint: HeldHint): void;
  /** A process has recorded a task to poll. */
  onFollowed(taskId: string): void;
  /** No process schedules the account now. */
  onLeaseReleased(account: string): void;
  clock: Clock;
  logger: Logger;
};

const safetyNetMs = 15_000;
const retryMs = 500;

/**
 * Turns hints into states: reads the watched tasks, with one query for all hints of a moment, and puts them in the queue of
 * each subscriber that lacks them. Every 15 s, and after each reconnect, it looks for changes whose hints were lost.
 */
export function createTaskFeed(options: FeedOptions): TaskFeed & AsyncDisposable {
  const { clock, logger } = options;
  const stopping = new AbortController();
  const subscribers = createSubscriberIndex();
  const urgent = createUrgentTasks();
  const line = createReadLine({ read: readAndDeliver, clock, logger, signal: stopping.signal });
  const missed = createMissedChanges({
    ...options,
    isHeard: () => subscribers.size > 0,
    hear,
    onReached: (place) => line.onceRead(() => subscribers.reach(place)),
    onLost() {
      subscribers.failLists(new RefetchRequiredError());
      line.add(subscribers.ids());
    },
  });
  let looking: Promise<void> = Promise.resolve();
  let isRecognized = true;

  function hear(hints: readonly TaskHint[]): void {
    const newer = hints.filter((hint) =>
      subscribers.interestedIn(hint).some((queue) => queue.lacks(hint.id, hint.revision)),
    );
    line.add(newer.map(({ id }) => id));
  }

  async function readAndDeliver(ids: readonly string[]): Promise<void> {
    for (const found of await options.findTasks(ids)) deliver(found);
  }

  function deliver({ task, createdIn }: FoundTask): void {
    const hint = { id: task.id, ownerTag: ownerTag(task.owner), revision: task.revision };
    for (const queue of subscribers.interestedIn(hint)) queue.offer(task, createdIn);
    if (task.state === 'ended') urgent.settle(task.id);
  }

  /** For a queue that has kept only the id, and has taken it out: it must get the task, however many tries that takes. */
  async function readOne(id: string, signal: AbortSignal): Promise<FoundTask | null> {
    while (!signal.aborted) {
      try {
        return (await options.findTasks([id]))[0] ?? null;
      } catch (error) {
        logger.warn({ taskId: id, error: String(error) }, 'A changed task could not be read; trying again.');
        await clock.sleep(retryMs, signal).catch(() => {});
      }
    }
    return null;
  }

  async function look(): Promise<void> {
    try {
      if (!isRecognized) await options.recognizeDatabase();
      isRecognized = true;
      await missed.look();
    } catch (error) {
      logger.warn({ error: String(error) }, 'Could not look for missed changes; trying again later.');
    }
  }

  const lookInTurn = (): Promise<void> => (looking = looking.then(look));

  async function keepLooking(): Promise<void> {
    while (!stopping.signal.aborted) {
      await lookInTurn();
      await clock.sleep(safetyNetMs, stopping.signal).catch(() => {});
    }
  }

  const listening = listen(
    options.connection,
    Object.values(hintChannels),
    {
      onNotification(channel, payload) {
        if (channel === hintChannels.changed) hear(decodeHints(payload));
        else if (channel === hintChannels.held) options.onHeld(decodeHeldHint(payload));
        else if (channel === hintChannels.followed) options.onFollowed(payload);
        else options.onLeaseReleased(payload);
      },
      onConnected() {
        // Another server may have taken over.
        isRecognized = false;
        void lookInTurn();
      },
    },
    { clock, logger, signal: stopping.signal },
  );
  const lookingOn = keepLooking();

  return {
    subscribe(interest) {
      const queue = createSubscriptionQueue(
        interest,
        readOne,
        (wasUrgent) => {
          subscribers.remove(interest, queue);
          urgent.release(interest.owner, wasUrgent);
        },
        (ids) => urgent.add(interest.owner, ids),
      );
      subscribers.add(interest, queue);
      return queue;
    },

    urgentIds: () => urgent.ids(),
    settle: (ids) => ids.forEach(urgent.settle),

    get subscribers() {
      return subscribers.size;
    },

    async [Symbol.asyncDispose]() {
      stopping.abort();
      subscribers.closeAll();
      await Promise.all([listening, lookingOn, line.ended()]);
    },
  };
}
