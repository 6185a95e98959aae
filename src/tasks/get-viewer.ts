import { quotaOf, type Viewer } from '../domain/task/quota.ts';
import type { Caller } from '../domain/task/task.ts';
import { countQuotaUse } from '../store/quota-use.ts';
import type { TaskDependencies } from './dependencies.ts';

/** As in lists, counting stops here. */
const countLimit = 10_000;

/** What the caller has and may have at this moment, counted no further than 10,000. */
export async function getViewer(
  { database, account, quotas }: Pick<TaskDependencies, 'database' | 'account' | 'quotas'>,
  { owner }: Caller,
): Promise<Viewer> {
  const upTo = { tasksInFlight: countLimit, createsLastMinute: countLimit };
  const used = await countQuotaUse(database, { owner, account }, upTo);
  return { owner, ...used, quota: quotaOf(quotas, owner) };
}
