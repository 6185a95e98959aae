import { TemporarilyUnavailableError } from '../domain/errors.ts';
import type { NewTask, Task } from '../domain/task.ts';
import { findOwnTasks } from '../store/find-tasks.ts';
import { insertTask } from '../store/insert-task.ts';
import type { TaskDependencies } from './dependencies.ts';
import { waitForWord } from './wait-for-word.ts';

/**
 * Inserts a task, has it sent, and waits a moment for the upstream's word. null when another task already stands for
 * the same key or retry: nothing was recorded then.
 */
export async function recordNewTask(dependencies: TaskDependencies, task: NewTask): Promise<Task | null> {
  const { database, announcer, scheduling, feed } = dependencies;
  // Before the insert, so that no change can come between.
  using changes = feed.subscribe({ owner: task.owner, ids: [task.id] });
  if (!(await insertSurely(dependencies, task))) return null;
  scheduling.taskHeld(task);
  announcer.held(task.account);
  announcer.changed({ id: task.id, owner: task.owner, revision: 1 });
  const [recorded] = await findOwnTasks(database, task.owner, [task.id]);
  if (recorded === undefined) throw new Error('A task that was just recorded is not there.');
  return await waitForWord(dependencies, recorded, changes);
}

/**
 * When the answer to the insert was lost it may have been committed. The same insert again settles that: it finds its
 * own id, or records it now.
 */
async function insertSurely({ database, logger }: TaskDependencies, task: NewTask): Promise<boolean> {
  try {
    return await insertTask(database, task);
  } catch (error) {
    logger.warn({ taskId: task.id, error: String(error) }, 'It is in doubt whether a task was recorded; trying again.');
  }
  try {
    if (await insertTask(database, task)) return true;
    return (await findOwnTasks(database, task.owner, [task.id])).length > 0;
  } catch (cause) {
    throw new TemporarilyUnavailableError(
      'The task could not be recorded. Send the same request with the same idempotencyKey again.',
      { cause },
    );
  }
}
