import { moveOfOutcome } from '../domain/submission.ts';
import { UpstreamCallError } from '../domain/upstream.ts';
import { findOrphanedAttempts } from '../store/submitting.ts';
import type { TaskDependencies } from './dependencies.ts';
import { makeMove, type MoveDependencies } from './make-move.ts';

/** A Create takes 15 s at most; 5 s more for its record. */
const oldestAttemptMs = 20_000;

/**
 * Ends tasks whose Create was under way when their process died: they may have been accepted. They are found by age, so
 * it doesn't matter who was scheduling. Answers how many there were.
 */
export async function endOrphans(dependencies: MoveDependencies & Pick<TaskDependencies, 'account'>): Promise<number> {
  const orphans = await findOrphanedAttempts(dependencies.database, dependencies.account, oldestAttemptMs);
  const error = new UpstreamCallError(
    'no-answer',
    'PROCESS_LOST',
    'The gateway stopped while the task was being sent.',
  );
  for (const attempt of orphans) {
    const change = moveOfOutcome(attempt, { kind: 'unconfirmed', error });
    if (change !== null) await makeMove(dependencies, attempt.taskId, change);
  }
  return orphans.length;
}
