import { setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { ClientConfig } from 'pg';
import { v7 as createId } from 'uuid';
import type { Clock } from '../../src/kit/clock.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import type { FeedSubscription } from '../../src/domain/task/feed.ts';
import type { Move } from '../../src/domain/task/moves.ts';
import { encodeHints, hintChannels, ownerTag } from '../../src/domain/task/task-hint.ts';
import { createTaskFeed } from '../../src/events/task-feed.ts';
import type { Database } from '../../src/store/database.ts';
import { findPlace } from '../../src/store/change-place.ts';
import { recognizeDatabase } from '../../src/store/database-identity.ts';
import { findChangesAfter } from '../../src/store/find-changes.ts';
import { findTasksToTell } from '../../src/store/find-tasks.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { moveTask } from '../../src/store/move-task.ts';

export const owner = 'ann';

/** A feed on a real database, which tells how often it reads. Hints are given to the database by hand. */
export async function startTestFeed(database: Database, clock: Clock, connection: ClientConfig) {
  const { database: id } = await findPlace(database);
  const reads: number[] = [];
  let looks = 0;
  const feed = createTaskFeed({
    connection,
    async findTasks(ids) {
      reads.push(ids.length);
      return await findTasksToTell(database, ids);
    },
    // Its first look finds all that was ever committed.
    beginning: { database: id, snapshot: { xmax: 1n, underWay: [] } },
    findPlace: () => findPlace(database),
    async findChangesAfter(place, from) {
      const page = await findChangesAfter(database, place, { from: from ?? null });
      looks += 1;
      return page;
    },
    recognizeDatabase: () => recognizeDatabase(database),
    onHeld: () => {},
    onFollowed: () => {},
    onLeaseReleased: () => {},
    clock,
    logger: silentLogger,
  });
  return {
    feed,
    reads,
    /** How many pages of changes it has read. */
    looks: () => looks,
    /** It has looked around at its start, and after it was connected. What was there before is about to be delivered. */
    untilSettled: () => until(() => looks >= 2),
    [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose](),
  };
}

export async function recordTask(database: Database): Promise<string> {
  const id = createId();
  await insertTask(database, {
    id,
    owner,
    account: 'sandbox/-/test',
    kind: 'IMAGE',
    mode: 'TEXT_TO_IMAGE',
    warnings: [],
    retryOf: null,
    request: { kind: 'IMAGE', prompt: 'a kite' },
    idempotencyKey: null,
    requestHash: id,
  });
  return id;
}

const said = { failure: null, message: null, requestId: null };
const moves: Record<'RUN' | 'DONE', Move> = {
  RUN: { state: 'submitted', status: 'RUN', ...said },
  DONE: { state: 'ended', status: 'DONE', ...said },
};

/** Moves a task, and tells nobody. Answers the new revision. */
export async function moveSilently(database: Database, id: string, status: 'RUN' | 'DONE'): Promise<number> {
  const moved = await moveTask(database, id, {
    guard: { states: ['held', 'submitted'] },
    move: moves[status],
  });
  if (moved === null) throw new Error('The task did not move.');
  return moved.revision;
}

export async function hint(database: Database, hints: { id: string; revision: number; owner?: string }[]) {
  const payloads = encodeHints(hints.map((of) => ({ ...of, ownerTag: ownerTag(of.owner ?? owner) })));
  for (const payload of payloads) await notify(database, payload);
}

export async function notify(database: Database, payload: string): Promise<void> {
  await sql`select pg_notify(${hintChannels.changed}, ${payload})`.execute(database);
}

/** The states that a subscriber is given, as they come. */
export function collect(subscription: FeedSubscription): { states: string[]; ended: Promise<void> } {
  const states: string[] = [];
  const ended = (async () => {
    for await (const { task } of subscription) states.push(`${task.id} ${task.status} ${task.revision}`);
  })();
  return { states, ended };
}

/** Two timers: the heartbeat's and the safety net's. */
export const timersAtRest = 2;

/** Lets time pass in steps in which each heartbeat is answered. */
export async function passTime(clock: ManualClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    await clock.advance(Math.min(left, 1_000));
    await until(() => clock.sleepers() === timersAtRest);
  }
}

/** Waits until something is so, without a pause of its own. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await turn();
}
