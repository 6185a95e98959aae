import type { GuardedMove } from '../domain/moves.ts';
import { moveTask } from '../store/move-task.ts';
import type { TaskDependencies } from './dependencies.ts';

export type MoveDependencies = Pick<TaskDependencies, 'database' | 'announcer' | 'metrics' | 'logger'>;

/** Every visible change of a task after its creation: recorded, then told. False when somebody else had moved it. */
export async function makeMove(
  { database, announcer, metrics, logger }: MoveDependencies,
  id: string,
  change: GuardedMove,
): Promise<boolean> {
  const moved = await moveTask(database, id, change);
  if (moved === null) return false;
  announcer.changed(moved);
  const { state, status, failure, requestId } = change.move;
  if (state === 'ended') metrics.taskEnded(moved.kind, status, failure?.code ?? null);
  logger.info({ taskId: id, status, failureCode: failure?.code, requestId }, 'A task has moved.');
  return true;
}
