import { afterPoll, isUnknownTask } from '../domain/task/following.ts';
import type { Caller, Task } from '../domain/task/task.ts';
import { UpstreamCallError, type DescribeAnswer } from '../domain/upstream.ts';
import { findFollowedTask, type FollowedTask } from '../store/following.ts';
import { recordProgress } from '../store/progress.ts';
import { applyAnswer } from './apply-answer.ts';
import type { TaskDependencies } from './dependencies.ts';
import { findTask } from './find-tasks.ts';

/**
 * Polls a task of the caller's that has ended in a way which evidence may correct, and records what the vendor says, however
 * long ago that end was. `poll` makes the call, within the callers' budget. A task that the vendor still doesn't know stays
 * as it is.
 */
export async function pollEndedTask(
  dependencies: TaskDependencies,
  caller: Caller,
  own: Task,
  poll: () => Promise<DescribeAnswer>,
): Promise<Task> {
  const { database, account } = dependencies;
  const before = await findFollowedTask(database, account, own.id);
  if (before !== null) await pollOnce(dependencies, before, poll);
  return (await findTask(dependencies, caller, own.id)) ?? own;
}

async function pollOnce(
  dependencies: TaskDependencies,
  before: FollowedTask,
  poll: () => Promise<DescribeAnswer>,
): Promise<void> {
  const { database, clock, announcer } = dependencies;
  const sentAt = new Date(clock.now());
  try {
    const { followed } = await applyAnswer(dependencies, before, await poll(), sentAt);
    await recordProgress(database, [followed]);
    // It may run again, and is to be polled then.
    announcer.followed(before.task.id);
  } catch (error) {
    if (!(error instanceof UpstreamCallError && isUnknownTask(error))) throw error;
    await recordProgress(database, [afterPoll(before, sentAt)]);
  }
}
