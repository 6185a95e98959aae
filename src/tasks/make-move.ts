import type { GuardedMove } from '../domain/task/moves.ts';
import { isToBeArchived, moveTask } from '../store/move-task.ts';
import type { TaskDependencies } from './dependencies.ts';

export type MoveDependencies = Pick<TaskDependencies, 'database' | 'announcer' | 'isArchiving' | 'metrics' | 'logger'>;

/**
 * Every visible change of a task after its creation: recorded, then announced. False when it had been moved before. Then, and
 * after an error, the task is announced as it is: the move may have been committed although its answer was lost.
 */
export async function makeMove(
  { database, announcer, isArchiving, metrics, logger }: MoveDependencies,
  id: string,
  change: GuardedMove,
): Promise<boolean> {
  const moved = await moveTask(database, id, change, { isArchiving }).catch((error: unknown) => {
    announcer.perhapsChanged(id);
    throw error;
  });
  if (moved === null) {
    announcer.perhapsChanged(id);
    return false;
  }
  const { state, status, failure, requestId, filesExpiry } = change.move;
  announcer.changed({ ...moved, ...(filesExpiry && isToBeArchived(change.move) && { filesToKeep: filesExpiry }) });
  if (state === 'ended') metrics.taskEnded(moved.kind, status, failure?.code ?? null);
  logger.info({ taskId: id, status, failureCode: failure?.code, requestId }, 'A task has moved.');
  return true;
}
