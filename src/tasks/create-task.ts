import { InvalidInputError, TemporarilyUnavailableError } from '../domain/errors.ts';
import type { InputIssue } from '../domain/request/input-issue.ts';
import { maxIssues } from '../domain/request/request-bounds.ts';
import { checkRequest } from '../domain/request/request-rules.ts';
import type { TaskRequest } from '../domain/request/request.ts';
import { generationMode } from '../domain/task/generation-mode.ts';
import { quotaOf } from '../domain/task/quota.ts';
import type { Caller, NewTask, Task } from '../domain/task/task.ts';
import { webhookIssues, type Webhook } from '../domain/task/webhook.ts';
import { outageOf } from '../store/database-outage.ts';
import { findOwnTasks } from '../store/find-tasks.ts';
import { insertTask, insertWithinQuota } from '../store/insert-task.ts';
import { GroupRefusedError, insertTogether, type Written } from '../store/insert-together.ts';
import type { TaskDependencies } from './dependencies.ts';
import { fileReferenceIssues } from './file-references.ts';
import { waitForFirstAnswer } from './first-answer.ts';
import { checkIdempotencyKey, findByKey, hashRequest } from './idempotency-key.ts';
import { refusalOf } from './quota-refusal.ts';

/**
 * Records a task, wakes the scheduler and waits a moment for the upstream's answer. Whatever happens after the record, the
 * same key and request find it again: a key that is known comes before the rules and the quota, so that a repeated call is
 * answered even where they have changed since. It is looked for where they refuse the request, or its record was there
 * already: a new task, which nearly all are, costs no read. Throws InvalidInputError, IdempotencyConflictError, QuotaExceededError.
 */
export async function createTask(
  dependencies: TaskDependencies,
  caller: Caller,
  request: TaskRequest,
  idempotencyKey: string | null,
  webhook: Webhook | null = null,
): Promise<Task> {
  checkIdempotencyKey(idempotencyKey);
  const requestHash = hashRequest(`create ${request.kind}`, webhook === null ? request : { ...request, webhook });
  const findEarlier = async (): Promise<Task | null> =>
    idempotencyKey === null ? null : await findByKey(dependencies, caller, idempotencyKey, requestHash);

  const { issues: ofRequest, warnings } = checkRequest(request, dependencies);
  const ofReferences = await fileReferenceIssues(dependencies, caller.owner, request);
  const ofWebhook = webhook === null ? [] : webhookIssues(webhook, dependencies.webhookExemptOrigins);
  const issues = [...ofRequest, ...withoutPathsOf(ofRequest, ofReferences), ...ofWebhook];
  if (issues.length > 0) {
    const earlier = await findEarlier();
    if (earlier !== null) return await waitForFirstAnswer(dependencies, earlier);
    throw new InvalidInputError(issues.slice(0, maxIssues));
  }
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

/** What is wrong with a value by itself is said once, and not again of what it names. */
function withoutPathsOf(judged: readonly InputIssue[], issues: readonly InputIssue[]): InputIssue[] {
  const paths = new Set(judged.map(({ path }) => path.join('.')));
  return issues.filter(({ path }) => !paths.has(path.join('.')));
}

/**
 * Inserts a task, has it sent, and waits a moment for the upstream's answer. `findEarlier` finds the task that stands for
 * the same key or retry already, which is answered instead, whatever the quota. Throws a QuotaExceededError.
 */
export async function recordNewTask(
  dependencies: TaskDependencies,
  task: NewTask,
  findEarlier: () => Promise<Task | null>,
): Promise<Task> {
  const { announcer, feed } = dependencies;
  // Before the insert, so that no change can come between.
  using changes = feed.subscribe({ owner: task.owner, ids: [task.id] });
  const insertion = await insertSurely(dependencies, task);
  if (insertion === 'present' || !('recorded' in insertion)) {
    const earlier = await findEarlier();
    if (earlier !== null) return await waitForFirstAnswer(dependencies, earlier);
    if (insertion !== 'present') throw await refusalOf(dependencies, task.owner, insertion);
    throw new Error('A new task was not recorded, and no other task stands for it.');
  }
  announcer.held(task);
  announcer.changed({ id: task.id, owner: task.owner, revision: 1 });
  return await waitForFirstAnswer(dependencies, insertion.recorded, changes);
}

/**
 * When the answer to the insert was lost it may have been committed. The same insert again, alone, settles that: it finds
 * its own id, also where its own task was the last that the quota had room for, or records it now. A group that was refused
 * is judged one by one. Nothing else is tried twice: what was refused for want of a connection would only add to what there
 * is too much of.
 */
async function insertSurely(dependencies: TaskDependencies, task: NewTask): Promise<Written> {
  const { database, announcer, quotas, logger } = dependencies;
  try {
    return await insertTogether(database, task, quotaOf(quotas, task.owner)).catch(async (error: unknown) => {
      if (error instanceof GroupRefusedError) return await insertAlone(dependencies, task);
      throw error;
    });
  } catch (error) {
    if (outageOf(error) !== 'in doubt') throw error;
    logger.warn({ taskId: task.id, error: String(error) }, 'It is in doubt whether a task was recorded; trying again.');
  }
  try {
    return await insertAlone(dependencies, task);
  } catch (cause) {
    announcer.perhapsChanged(task.id);
    if (outageOf(cause) === null) throw cause;
    throw new TemporarilyUnavailableError(
      'The task could not be recorded. Send the same request with the same idempotencyKey again.',
      { cause },
    );
  }
}

/** Recorded now or by an earlier try: its own id says so. */
async function insertAlone({ database, quotas }: TaskDependencies, task: NewTask): Promise<Written> {
  const { owner } = task;
  const insertion = await insertWithinQuota(database, task, quotaOf(quotas, owner), (open) => insertTask(open, task));
  const [recorded] = await findOwnTasks(database, owner, [task.id]);
  if (recorded !== undefined) return { recorded };
  if (insertion === 'recorded') throw new Error('A task that was just recorded is not there.');
  return insertion;
}
