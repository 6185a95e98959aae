import { QuotaExceededError } from '../domain/errors.ts';
import type { FullQuota } from '../domain/task/quota.ts';
import { listTasks } from '../store/list-tasks.ts';
import { secondsUntilFewerCreates } from '../store/quota-use.ts';
import type { TaskDependencies } from './dependencies.ts';

/** Of so many tasks, the oldest, the end is estimated: the one that ends next is hardly ever beyond. */
const estimatedTasks = 100;

/** The refusal of a further task: which quota is full, how full, and what to do. */
export async function refusalOf(
  dependencies: TaskDependencies,
  owner: string,
  full: FullQuota,
): Promise<QuotaExceededError> {
  const { limit } = full;
  if (limit === 0) return new QuotaExceededError('The operator of this gateway lets you create no tasks.', null);
  const used = full.used > limit ? `more than ${limit}` : limit;
  if (full.name === 'createsPerMinute') {
    const seconds = await secondsUntilFewerCreates(dependencies.database, owner, limit);
    const created = `You may create ${limit} tasks a minute, retries and adopted ones included, and have created ${used}.`;
    return new QuotaExceededError(`${created} Try again in ${seconds} s.`, seconds);
  }
  const seconds = await secondsUntilOneEnds(dependencies, owner);
  const inFlight = `You may have ${limit} tasks that have not ended, and have ${used}.`;
  return new QuotaExceededError(`${inFlight} Wait until one ends, or cancel one that is held back.`, seconds);
}

async function secondsUntilOneEnds(
  { database, account, estimates, clock }: TaskDependencies,
  owner: string,
): Promise<number | null> {
  const { tasks } = await listTasks(database, owner, { last: estimatedTasks }, { statuses: ['WAIT', 'RUN'] });
  const ends = tasks
    .filter((task) => task.account === account)
    .flatMap((task) => estimates.estimate(task)?.expectedEndAt.getTime() ?? []);
  if (ends.length === 0) return null;
  return Math.max(1, Math.ceil((Math.min(...ends) - clock.now()) / 1_000));
}
