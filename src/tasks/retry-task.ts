import { canRetry } from '../domain/task/can-retry.ts';
import { TaskNotFoundError, TaskNotRetryableError } from '../domain/errors.ts';
import type { Caller, Task } from '../domain/task/task.ts';
import { findKeylessRetry } from '../store/find-tasks.ts';
import { findWebhook } from '../store/webhook-deliveries.ts';
import { recordNewTask } from './create-task.ts';
import type { TaskDependencies } from './dependencies.ts';
import { findTask } from './find-tasks.ts';
import { waitForFirstAnswer } from './first-answer.ts';
import { checkIdempotencyKey, findByKey, hashRequest } from './idempotency-key.ts';

/**
 * A new, billed task with the request and the webhook of a failed one. Without a key the failed task itself is the key:
 * asking twice gives the same retry. The request passed the rules once, so it is not checked again. Throws
 * TaskNotFoundError, TaskNotRetryableError, IdempotencyConflictError, QuotaExceededError, InvalidInputError (a bad key).
 */
export async function retryTask(
  dependencies: TaskDependencies,
  caller: Caller,
  id: string,
  idempotencyKey: string | null,
): Promise<Task> {
  checkIdempotencyKey(idempotencyKey);
  const failed = await findTask(dependencies, caller, id);
  if (failed === null) throw new TaskNotFoundError();
  const { request } = failed;
  if (request === null) throw new TaskNotRetryableError(failed);

  const requestHash = hashRequest(`retry ${failed.id}`, request);
  const findEarlier = async (): Promise<Task | null> =>
    idempotencyKey === null
      ? await findKeylessRetry(dependencies.database, caller.owner, dependencies.account, failed.id)
      : await findByKey(dependencies, caller, idempotencyKey, requestHash);

  const earlier = await findEarlier();
  if (earlier !== null) return await waitForFirstAnswer(dependencies, earlier);
  // Not before: what was retried may have turned out to work after all, and its retry is there all the same.
  if (!canRetry(failed)) throw new TaskNotRetryableError(failed);
  const retry = {
    id: await dependencies.createTaskId(),
    owner: caller.owner,
    shareGroup: caller.shareGroup,
    account: dependencies.account,
    kind: failed.kind,
    mode: failed.mode,
    request,
    warnings: failed.warnings,
    retryOf: failed.id,
    webhook: await findWebhook(dependencies.database, caller.owner, failed.id),
    idempotencyKey,
    requestHash,
  };
  return await recordNewTask(dependencies, retry, findEarlier);
}
