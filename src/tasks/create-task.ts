import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/request/canonical-request.ts';
import { IdempotencyConflictError, InvalidInputError } from '../domain/errors.ts';
import { generationMode } from '../domain/task/generation-mode.ts';
import { maxIssues } from '../domain/request/request-bounds.ts';
import { checkRequest } from '../domain/request/request-rules.ts';
import type { TaskRequest } from '../domain/request/request.ts';
import type { Caller, Task } from '../domain/task/task.ts';
import { webhookIssues, type Webhook } from '../domain/task/webhook.ts';
import { findTaskByKey } from '../store/find-tasks.ts';
import type { TaskDependencies } from './dependencies.ts';
import { fileReferenceIssues } from './file-references.ts';
import { checkIdempotencyKey } from './idempotency-key.ts';
import { recordNewTask } from './record-new-task.ts';
import { waitForWord } from './wait-for-word.ts';

/**
 * Records a task and sees it off. Whatever happens after the record, the same key and request find it again: the order
 * is key, rules, quota, record, so that a repeated call is answered even where the rules have changed since.
 */
export async function createTask(
  dependencies: TaskDependencies,
  caller: Caller,
  request: TaskRequest,
  idempotencyKey: string | null,
  webhook: Webhook | null = null,
): Promise<Task> {
  if (idempotencyKey !== null) checkIdempotencyKey(idempotencyKey);
  const requestHash = hashRequest(`create ${request.kind}`, webhook === null ? request : { ...request, webhook });
  const findEarlier = async (): Promise<Task | null> =>
    idempotencyKey === null ? null : await findByKey(dependencies, caller, idempotencyKey, requestHash);

  const earlier = await findEarlier();
  if (earlier !== null) return await waitForWord(dependencies, earlier);

  const { issues: ofRequest, warnings } = checkRequest(request, dependencies);
  const ofWebhook = webhook === null ? [] : webhookIssues(webhook, dependencies.webhookExemptOrigins);
  const judged = new Set(ofRequest.map(({ path }) => path.join('.')));
  const ofFiles = await fileReferenceIssues(dependencies, caller.owner, request);
  const issues = [...ofRequest, ...ofFiles.filter(({ path }) => !judged.has(path.join('.'))), ...ofWebhook];
  if (issues.length > 0) throw new InvalidInputError(issues.slice(0, maxIssues));

  const task = {
    id: await dependencies.createTaskId(),
    owner: caller.owner,
    shareGroup: caller.shareGroup,
    account: dependencies.account,
    kind: request.kind,
    mode: generationMode(request),
    request,
    warnings,
    retryOf: null,
    webhook,
    idempotencyKey,
    requestHash,
  };
  return await recordNewTask(dependencies, task, findEarlier);
}

/** The task that the key already stands for in this account. Throws IdempotencyConflictError when it was another request's. */
export async function findByKey(
  { database, account }: TaskDependencies,
  caller: Caller,
  idempotencyKey: string,
  requestHash: string,
): Promise<Task | null> {
  const earlier = await findTaskByKey(database, caller.owner, account, idempotencyKey);
  if (earlier === null) return null;
  if (earlier.requestHash !== requestHash) throw new IdempotencyConflictError(earlier.task);
  return earlier.task;
}

/** What "the same request" means: the same operation over the same fields, however they were spelled. */
export function hashRequest(operation: string, request: object): string {
  return createHash('sha256')
    .update(`${operation}\n${canonicalJson(request)}`)
    .digest('hex');
}
