import type { GuardedMove } from '../domain/task/moves.ts';
import { moveOfOutcome, type Attempt } from '../domain/task/submission.ts';
import { UpstreamCallError } from '../domain/upstream.ts';
import { isDataError } from '../store/data-error.ts';
import { findOrphanedAttempts } from '../store/submitting.ts';
import type { TaskDependencies } from './dependencies.ts';
import { makeMove, type MoveDependencies } from './make-move.ts';

/** A Create takes 15 s at most; 5 s more for its record. */
const oldestAttemptMs = 20_000;

/**
 * Tasks whose Create was under way when their process died, as far as is known: they are found by age, so it doesn't
 * matter who was scheduling. While the database was away, their process may have been waiting to record the outcome.
 */
export async function findOrphans({
  database,
  account,
}: Pick<TaskDependencies, 'database' | 'account'>): Promise<Attempt[]> {
  return await findOrphanedAttempts(database, account, oldestAttemptMs);
}

/** Ends them as unconfirmed: they may have been accepted. One that PostgreSQL refuses to end keeps no other from it. */
export async function endOrphans(dependencies: MoveDependencies, orphans: readonly Attempt[]): Promise<void> {
  const error = new UpstreamCallError(
    'no-answer',
    'PROCESS_LOST',
    'The gateway stopped while the task was being sent.',
  );
  for (const attempt of orphans) {
    const change = moveOfOutcome(attempt, { kind: 'unconfirmed', error });
    if (change !== null) await endOrphan(dependencies, attempt.taskId, change);
  }
}

async function endOrphan(dependencies: MoveDependencies, taskId: string, change: GuardedMove): Promise<void> {
  try {
    await makeMove(dependencies, taskId, change);
  } catch (cause) {
    if (!isDataError(cause)) throw cause;
    const refused = { taskId, sqlState: cause.code, constraint: cause.constraint };
    dependencies.logger.error(refused, 'PostgreSQL refuses to end a task whose submission was never confirmed.');
  }
}
