import type { ClientConfig } from 'pg';
import type { Clock } from '../clock.ts';
import type { TaskFeed } from '../domain/feed.ts';
import {
  decodeHeldHint,
  decodeHints,
  hintChannels,
  ownerTag,
  type HeldHint,
  type TaskHint,
} from '../domain/task-hint.ts';
import type { Task } from '../domain/task.ts';
import type { Logger } from '../logger.ts';
import { listen } from './listener.ts';
import { createSubscriberIndex } from './subscriber-index.ts';
import { createSubscriptionQueue } from './subscription-queue.ts';

/** What the feed asks of the store. */
export type FeedReads = {
  /** Whole tasks, whoever's they are. */
  findTasks(ids: readonly string[]): Promise<Task[]>;
  databaseTime(): Promise<Date>;
  findChanges(watched: { owners: string[]; ids: string[] }, since: Date): Promise<TaskHint[]>;
};

export type FeedOptions = FeedReads & {
  connection: ClientConfig;
  /** Some process has recorded tasks to send. */
  onHeld(hint: HeldHint): void;
  /** Some process has recorded a task to ask after. */
  onFollowed(taskId: string): void;
  /** Nobody schedules the account now. */
  onLeaseReleased(account: string): void;
  clock: Clock;
  logger: Logger;
};

const safetyNetMs = 15_000;
const retryMs = 500;
const readAtOnce = 1_000;

/**
 * Hints in, states out: what somebody here watches is read, one query for all hints of a moment, and put in the queue of
 * each subscriber that lacks it. Every 15 s, and after each reconnect, it looks for what no hint told.
 */
export function createTaskFeed(options: FeedOptions): TaskFeed & AsyncDisposable {
  const { clock, logger } = options;
  const stopping = new AbortController();
  const subscribers = createSubscriberIndex();
  const toRead = new Set<string>();
  let reading: Promise<void> | null = null;
  let lookedAt: Date | null = null;
  let looking: Promise<void> = Promise.resolve();

  function hear(hints: readonly TaskHint[]): void {
    for (const hint of hints) {
      if (subscribers.interestedIn(hint).some((queue) => queue.lacks(hint.id, hint.revision))) toRead.add(hint.id);
    }
    if (toRead.size > 0) reading ??= readAll();
  }

  async function readAll(): Promise<void> {
    while (toRead.size > 0 && !stopping.signal.aborted) {
      const ids = [...toRead].slice(0, readAtOnce);
      for (const id of ids) toRead.delete(id);
      try {
        for (const task of await options.findTasks(ids)) deliver(task);
      } catch (error) {
        logger.warn({ error: String(error) }, 'Changed tasks could not be read; trying again.');
        for (const id of ids) toRead.add(id);
        await clock.sleep(retryMs, stopping.signal).catch(() => {});
      }
    }
    // In the same turn as the last look at what is to be read, lest a hint falls between.
    reading = null;
  }

  /** For a queue that has kept only the id. It has taken the id out, so it must be told, however often that takes. */
  async function readOne(id: string, signal: AbortSignal): Promise<Task | null> {
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

  function deliver(task: Task): void {
    const hint = { id: task.id, ownerTag: ownerTag(task.owner), revision: task.revision };
    for (const queue of subscribers.interestedIn(hint)) queue.offer(task);
  }

  async function look(): Promise<void> {
    try {
      const now = await options.databaseTime();
      const watched = subscribers.watched();
      if (watched.owners.length + watched.ids.length > 0) hear(await options.findChanges(watched, lookedAt ?? now));
      lookedAt = now;
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
      onConnected: () => void lookInTurn(),
    },
    { clock, logger, signal: stopping.signal },
  );
  const lookingOn = keepLooking();

  return {
    subscribe(interest) {
      const queue = createSubscriptionQueue(interest, readOne, () => subscribers.remove(interest, queue));
      subscribers.add(interest, queue);
      return queue;
    },

    urgentIds: () => subscribers.urgentIds(),

    get subscribers() {
      return subscribers.size;
    },

    async [Symbol.asyncDispose]() {
      stopping.abort();
      subscribers.closeAll();
      await Promise.all([listening, lookingOn, reading]);
    },
  };
}
