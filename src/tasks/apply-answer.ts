import { failures } from '../domain/task/failures.ts';
import { afterAnswer, afterMissing, moveOfAnswer, moveOfMissing, type Followed } from '../domain/task/following.ts';
import { failWith, type GuardedMove } from '../domain/task/moves.ts';
import { correctableCodes } from '../domain/task/task.ts';
import type { DescribeAnswer, UpstreamCallError } from '../domain/upstream.ts';
import { isDataError } from '../store/data-error.ts';
import { recordProgress, recordProgressOf } from '../store/progress.ts';
import type { TaskDependencies } from './dependencies.ts';
import { makeMove, type MoveDependencies } from './make-move.ts';

type ApplyDependencies = MoveDependencies & Pick<TaskDependencies, 'resultLifeMs'>;

/**
 * What is known after an answer. `lost`: another process had moved the task; read it again. `refused`: PostgreSQL
 * takes no record of the answer, and not even of the task's end.
 */
export type Applied = { followed: Followed; lost: boolean; refused?: true };

/** Records what an answer means. Polls that found nothing new are only counted; the scheduler records those in batches. */
export async function applyAnswer(
  dependencies: ApplyDependencies,
  before: Followed,
  answer: DescribeAnswer,
  sentAt: Date,
): Promise<Applied> {
  const change = moveOfAnswer(before, answer, sentAt, dependencies.resultLifeMs);
  return await apply(dependencies, afterAnswer(before, answer, sentAt), change);
}

/** Records what "no such task" means: nothing, unless it is to be believed; then the task's end. */
export async function applyMissing(
  dependencies: ApplyDependencies,
  before: Followed,
  error: UpstreamCallError,
  sentAt: Date,
  isBelieved: boolean,
): Promise<Applied> {
  const followed = afterMissing(before, sentAt);
  return await apply(dependencies, followed, moveOfMissing(followed, error, isBelieved));
}

async function apply(
  dependencies: ApplyDependencies,
  followed: Followed,
  change: GuardedMove | null,
): Promise<Applied> {
  if (change === null) return { followed, lost: false };
  try {
    return await record(dependencies, followed, change);
  } catch (error) {
    if (!isDataError(error)) throw error;
    const refused = { taskId: followed.task.id, sqlState: error.code, constraint: error.constraint };
    dependencies.logger.error(refused, "PostgreSQL refuses to record the vendor's answer; the task ends.");
    return await endAsGatewayError(dependencies, followed);
  }
}

async function record(dependencies: ApplyDependencies, followed: Followed, change: GuardedMove): Promise<Applied> {
  // First, so that a reader who sees the move sees the poll that found it.
  await recordProgressOf(dependencies.database, followed);
  const moved = await makeMove(dependencies, followed.task.id, change);
  const { state, status, failure } = change.move;
  const endedAt = state === 'ended' ? followed.lastPolledAt : null;
  const task = { ...followed.task, state, status, failure, endedAt };
  return { followed: { ...followed, unrecordedPolls: 0, task: moved ? task : followed.task }, lost: !moved };
}

/** A move with nothing in it that came from elsewhere. Once: as long as the answer stays the same, it changes nothing. */
async function endAsGatewayError(dependencies: ApplyDependencies, followed: Followed): Promise<Applied> {
  const { task } = followed;
  if (task.failure?.code === 'GATEWAY_ERROR') return { followed, lost: false };
  const failure = failures.gatewayError();
  const failureCodes = correctableCodes.filter((code) => code !== 'GATEWAY_ERROR');
  const guard = { states: ['submitted', 'ended'], failureCodes } as const;
  try {
    const isMoved = await makeMove(dependencies, task.id, { guard, move: failWith(failure) });
    const ended = { ...task, state: 'ended', status: 'FAIL', failure, endedAt: followed.lastPolledAt } as const;
    return { followed: isMoved ? { ...followed, task: ended } : followed, lost: !isMoved };
  } catch (error) {
    if (!isDataError(error)) throw error;
    return { followed, lost: false, refused: true };
  }
}

/** Records the polls of many tasks at once. A task for which PostgreSQL refuses them keeps no other from being recorded. */
export async function recordPolls(
  dependencies: Pick<TaskDependencies, 'database' | 'logger'>,
  followed: readonly Followed[],
): Promise<void> {
  try {
    await recordProgress(dependencies.database, followed);
  } catch (error) {
    if (!isDataError(error)) throw error;
    if (followed.length <= 1) {
      dependencies.logger.error({ taskId: followed[0]?.task.id, sqlState: error.code }, 'PostgreSQL refuses polls.');
      return;
    }
    const half = Math.ceil(followed.length / 2);
    await recordPolls(dependencies, followed.slice(0, half));
    await recordPolls(dependencies, followed.slice(half));
  }
}
