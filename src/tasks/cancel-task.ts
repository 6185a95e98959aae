import { TaskAlreadySubmittedError, TaskNotFoundError } from '../domain/errors.ts';
import { failures } from '../domain/task/failures.ts';
import { failWith } from '../domain/task/moves.ts';
import type { Caller, Task } from '../domain/task/task.ts';
import { requestCancel } from '../store/submitting.ts';
import type { TaskDependencies } from './dependencies.ts';
import { findTask } from './find-tasks.ts';
import { makeMove } from './make-move.ts';
import { waitUntil } from './first-answer.ts';

/** A Create and the sweep that finds its remains are over by then. */
const longestSubmissionMs = 30_000;

/**
 * Ends a task that was not sent. One that is being sent is to end should it come back unsent, and the answer waits until
 * that is decided. Throws TaskNotFoundError, TaskAlreadySubmittedError.
 */
export async function cancelTask(dependencies: TaskDependencies, caller: Caller, id: string): Promise<Task> {
  const task = await findTask(dependencies, caller, id);
  if (task === null) throw new TaskNotFoundError();
  if (isCanceled(task)) return task;
  if (await cancelHeld(dependencies, caller, task)) return await getTask(dependencies, caller, id);
  const beingSent = await requestCancel(dependencies.database, caller.owner, id);
  // It may have come back between the two tries.
  if (!beingSent && (await cancelHeld(dependencies, caller, task))) return await getTask(dependencies, caller, id);
  const decided = beingSent
    ? await waitUntil(dependencies, task, (now) => now.revision > task.revision, longestSubmissionMs)
    : await getTask(dependencies, caller, id);
  if (isCanceled(decided)) return decided;
  throw new TaskAlreadySubmittedError(decided);
}

async function cancelHeld(dependencies: TaskDependencies, caller: Caller, task: Task): Promise<boolean> {
  const guard = { owner: caller.owner, states: ['held'] } as const;
  const isCanceledNow = await makeMove(dependencies, task.id, { guard, move: failWith(failures.canceled()) });
  if (isCanceledNow) dependencies.announcer.canceled(task);
  return isCanceledNow;
}

async function getTask(dependencies: TaskDependencies, caller: Caller, id: string): Promise<Task> {
  const task = await findTask(dependencies, caller, id);
  if (task === null) throw new TaskNotFoundError();
  return task;
}

function isCanceled(task: Task): boolean {
  return task.failure?.code === 'CANCELED';
}
