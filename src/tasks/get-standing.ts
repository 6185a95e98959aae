import { quotaOf, type Standing } from '../domain/task/quota.ts';
import type { Caller } from '../domain/task/task.ts';
import { countQuotaUse } from '../store/quota-use.ts';
import type { TaskDependencies } from './dependencies.ts';

/** As in lists, counting stops here. */
const countLimit = 10_000;

/** What the caller has and may have at this moment. */
export async function getStanding(
  { database, account, quotas }: Pick<TaskDependencies, 'database' | 'account' | 'quotas'>,
  { owner }: Caller,
): Promise<Standing> {
  const upTo = { tasksInFlight: countLimit, createsLastMinute: countLimit };
  const used = await countQuotaUse(database, { owner, account }, upTo);
  return { owner, ...used, quota: quotaOf(quotas, owner) };
}
