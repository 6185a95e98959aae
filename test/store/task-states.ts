import type { Followed } from '../../src/domain/task/following.ts';
import { failures } from '../../src/domain/task/failures.ts';
import { failWith, type GuardedMove } from '../../src/domain/task/moves.ts';
import { moveOfOutcome, type Attempt, type SubmissionOutcome } from '../../src/domain/task/submission.ts';
import { UpstreamCallError } from '../../src/domain/upstream.ts';
import { createLeaseKeeper } from '../../src/store/account-lease.ts';
import type { Database } from '../../src/store/database.ts';
import { findFollowedTask } from '../../src/store/following.ts';
import { moveTask, type Moved } from '../../src/store/move-task.ts';
import { claimHeldTask } from '../../src/store/submitting.ts';
import { account } from './open-store.ts';

/** The epoch in which `holder` schedules, having taken the lease or renewed it. */
export async function takeLease(database: Database, holder = 'a process'): Promise<bigint> {
  const lease = await createLeaseKeeper(database, account, holder).acquire();
  if (lease === null) throw new Error('Another process holds the lease.');
  return lease.epoch;
}

/** Moves a held task to `submitting`. */
export async function claimTask(database: Database, id: string): Promise<Attempt> {
  const claim = await claimHeldTask(database, id, await takeLease(database));
  if (claim === null) throw new Error(`Task ${id} could not be claimed.`);
  return { taskId: id, attempt: claim.attempt };
}

export function accepted(upstreamTaskId: string, answeredAt = new Date()): SubmissionOutcome {
  return { kind: 'accepted', answer: { upstreamTaskId, requestId: 'request-create' }, answeredAt };
}

export const noAnswer: SubmissionOutcome = {
  kind: 'unconfirmed',
  error: new UpstreamCallError('no-answer', 'ECONNRESET', 'No answer came.'),
};

export function moveOf(attempt: Attempt, outcome: SubmissionOutcome): GuardedMove {
  const move = moveOfOutcome(attempt, outcome);
  if (move === null) throw new Error(`Nothing is moved by ${outcome.kind}.`);
  return move;
}

export async function record(database: Database, attempt: Attempt, outcome: SubmissionOutcome): Promise<Moved | null> {
  return await moveTask(database, attempt.taskId, moveOf(attempt, outcome));
}

/** Takes a held task all the way to being known upstream. */
export async function submitTask(database: Database, id: string, upstreamTaskId: string): Promise<Attempt> {
  const attempt = await claimTask(database, id);
  await record(database, attempt, accepted(upstreamTaskId));
  return attempt;
}

export async function getFollowed(database: Database, id: string): Promise<Followed> {
  const followed = await findFollowedTask(database, account, id);
  if (followed === null) throw new Error(`Task ${id} is not followed.`);
  return followed;
}

/** Ends a held task, tells nobody, and answers its new revision. */
export async function endTask(database: Database, id: string): Promise<number> {
  const moved = await moveTask(database, id, { guard: { states: ['held'] }, move: failWith(failures.canceled()) });
  if (moved === null) throw new Error(`Task ${id} could not be ended.`);
  return moved.revision;
}
