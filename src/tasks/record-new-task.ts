import { TemporarilyUnavailableError } from '../domain/errors.ts';
import { quotaOf } from '../domain/task/quota.ts';
import type { NewTask, Task } from '../domain/task/task.ts';
import { outageOf } from '../store/database-outage.ts';
import { findOwnTasks } from '../store/find-tasks.ts';
import { insertTask } from '../store/insert-task.ts';
import { insertWithinQuota, type Insertion } from '../store/insert-within-quota.ts';
import type { TaskDependencies } from './dependencies.ts';
import { refusalOf } from './quota-refusal.ts';
import { waitForWord } from './wait-for-word.ts';

/**
 * Inserts a task, has it sent, and waits a moment for the upstream's word. `findEarlier` finds the task that stands for
 * the same key or retry already, which is answered instead, whatever the quota. Throws a QuotaExceededError.
 */
export async function recordNewTask(
  dependencies: TaskDependencies,
  task: NewTask,
  findEarlier: () => Promise<Task | null>,
): Promise<Task> {
  const { database, announcer, feed } = dependencies;
  // Before the insert, so that no change can come between.
  using changes = feed.subscribe({ owner: task.owner, ids: [task.id] });
  const insertion = await insertSurely(dependencies, task);
  if (insertion !== 'recorded') {
    const earlier = await findEarlier();
    if (earlier !== null) return await waitForWord(dependencies, earlier);
    if (insertion !== 'present') throw await refusalOf(dependencies, task.owner, insertion);
    throw new Error('A new task was not recorded, and no other task stands for it.');
  }
  announcer.held(task);
  announcer.changed({ id: task.id, owner: task.owner, revision: 1 });
  const [recorded] = await findOwnTasks(database, task.owner, [task.id]);
  if (recorded === undefined) throw new Error('A task that was just recorded is not there.');
  return await waitForWord(dependencies, recorded, changes);
}

/**
 * When the answer to the insert was lost it may have been committed. The same insert again settles that: it finds its
 * own id, also where its own task was the last that the quota had room for, or records it now. Nothing else is tried
 * twice: what was refused for want of a connection would only add to what there is too much of.
 */
async function insertSurely(
  { database, announcer, quotas, logger }: TaskDependencies,
  task: NewTask,
): Promise<Insertion> {
  const insert = (): Promise<Insertion> =>
    insertWithinQuota(database, task, quotaOf(quotas, task.owner), (open) => insertTask(open, task));
  try {
    return await insert();
  } catch (error) {
    if (outageOf(error) !== 'in doubt') throw error;
    logger.warn({ taskId: task.id, error: String(error) }, 'It is in doubt whether a task was recorded; trying again.');
  }
  try {
    const insertion = await insert();
    const isThere = insertion === 'recorded' || (await findOwnTasks(database, task.owner, [task.id])).length > 0;
    return isThere ? 'recorded' : insertion;
  } catch (cause) {
    announcer.perhapsChanged(task.id);
    if (outageOf(cause) === null) throw cause;
    throw new TemporarilyUnavailableError(
      'The task could not be recorded. Send the same request with the same idempotencyKey again.',
      { cause },
    );
  }
}
