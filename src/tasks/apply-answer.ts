import { afterAnswer, afterMissing, moveOfAnswer, moveOfMissing, type Followed } from '../domain/following.ts';
import type { GuardedMove } from '../domain/moves.ts';
import type { DescribeAnswer, UpstreamCallError } from '../domain/upstream.ts';
import { recordProgress } from '../store/progress.ts';
import type { TaskDependencies } from './dependencies.ts';
import { makeMove, type MoveDependencies } from './make-move.ts';

type ApplyDependencies = MoveDependencies & Pick<TaskDependencies, 'resultLifeMs'>;

/** What is known after an answer. `lost` says that somebody else had moved the task: read it again. */
export type Applied = { followed: Followed; lost: boolean };

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

/** Records what "no such task" means: nothing at first, the task's end when it is said again and again. */
export async function applyMissing(
  dependencies: ApplyDependencies,
  before: Followed,
  error: UpstreamCallError,
  sentAt: Date,
): Promise<Applied> {
  const followed = afterMissing(before, sentAt);
  return await apply(dependencies, followed, moveOfMissing(followed, error));
}

async function apply(
  dependencies: ApplyDependencies,
  followed: Followed,
  change: GuardedMove | null,
): Promise<Applied> {
  if (change === null) return { followed, lost: false };
  // First, so that whoever sees the move sees the poll that found it.
  await recordProgress(dependencies.database, [followed]);
  const moved = await makeMove(dependencies, followed.task.id, change);
  const { state, status, failure } = change.move;
  const endedAt = state === 'ended' ? followed.lastPolledAt : null;
  const task = { ...followed.task, state, status, failure, endedAt };
  return { followed: { ...followed, unrecordedPolls: 0, task: moved ? task : followed.task }, lost: !moved };
}
