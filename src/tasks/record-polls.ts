import type { Followed } from '../domain/task/following.ts';
import { isDataError } from '../store/data-error.ts';
import { recordProgress } from '../store/progress.ts';
import type { TaskDependencies } from './dependencies.ts';

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
