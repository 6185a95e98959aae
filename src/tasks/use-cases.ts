import type { ChangePlace } from '../domain/task/change-place.ts';
import type { Estimate } from '../domain/learning/estimate.ts';
import type { PageRequest, TaskChangeFilter, TaskCount, TaskFilter, TaskPage } from '../domain/task/listing.ts';
import type { CatalogueModel } from '../domain/models/model-catalogue.ts';
import type { Standing } from '../domain/task/quota.ts';
import type { TaskRequest } from '../domain/request/request.ts';
import type { TaskChange } from '../domain/task/task-change.ts';
import type { Caller, ModelRef, Task, TaskEvent, TaskKind } from '../domain/task/task.ts';
import type { FindFileUrl } from '../domain/task/served-file.ts';
import type { Webhook, WebhookAttempt } from '../domain/task/webhook.ts';

/** All that a caller can do; on behalf of which one is the first argument (see onBehalfOf). What takes a list answers in its order, so that each serves as a DataLoader's batch. */
export type UseCases = {
  /**
   * Records a task, wakes the scheduler and waits a moment for the upstream's word. The same key and the same request
   * give the same task. Throws InvalidInputError, IdempotencyConflictError, QuotaExceededError.
   */
  createTask(
    caller: Caller,
    request: TaskRequest,
    idempotencyKey: string | null,
    webhook?: Webhook | null,
  ): Promise<Task>;
  /**
   * Adopts a task made elsewhere. Throws UpstreamTaskNotFoundError, InvalidInputError, QuotaExceededError; where the
   * upstream can't be asked now TemporarilyUnavailableError, or TooManyAtOnceError where too many of the caller's wait.
   */
  trackTask(caller: Caller, input: { upstreamTaskId: string; kind: TaskKind | null }): Promise<Task>;
  /** Withdraws a task that was not yet sent. Throws TaskNotFoundError, TaskAlreadySubmittedError. */
  cancelTask(caller: Caller, id: string): Promise<Task>;
  /**
   * A new, billed task with the request and the webhook of a failed one; without a key, one per failed task.
   * Throws TaskNotFoundError, TaskNotRetryableError, IdempotencyConflictError, QuotaExceededError, InvalidInputError (a bad key).
   */
  retryTask(caller: Caller, id: string, idempotencyKey: string | null): Promise<Task>;

  /** null for a foreign, unknown or malformed id. */
  findTasks(caller: Caller, ids: readonly string[]): Promise<(Task | null)[]>;
  findTasksByUpstreamId(caller: Caller, upstreamTaskIds: readonly string[]): Promise<(Task | null)[]>;
  listTasks(caller: Caller, page: PageRequest, filter: TaskFilter): Promise<TaskPage>;
  countTasks(caller: Caller, filter: TaskFilter): Promise<TaskCount>;
  /** Every transition of each task, oldest first. */
  findHistories(caller: Caller, taskIds: readonly string[]): Promise<TaskEvent[][]>;
  /** What each task's webhook was told, or not, oldest first: the last 50 tries. */
  findWebhookAttempts(caller: Caller, taskIds: readonly string[]): Promise<WebhookAttempt[][]>;
  /** Counted no further than 10,000. */
  getStanding(caller: Caller): Promise<Standing>;

  /** null once ended, and for an adopted task. */
  estimateTasks(tasks: readonly Task[]): (Estimate | null)[];
  models(kind: TaskKind | null): readonly CatalogueModel[];
  /** Seconds from submission to end as learned here; null before anything was seen. */
  medianSeconds(kind: TaskKind, model: ModelRef): number | null;
  /**
   * Tries a result URL whose expiry is unknown. Answers when it was seen to work, at most a minute ago, or null when it is
   * dead or can't be reached.
   */
  tryFileUrl(url: string): Promise<Date | null>;
  /** Whether a result's own URL may be handed out at all: not one that leads into a private network. */
  isUsableFileUrl(url: string): boolean;
  /** Where an archived file can be had. */
  findFileUrl: FindFileUrl;

  /** The task as it is, then each change; ends after DONE or FAIL. Rejects with TaskNotFoundError. */
  watchTask(caller: Caller, id: string): Promise<AsyncIterable<Task>>;
  /** What changed after a place, then every change; endless. Rejects with RefetchRequiredError. */
  watchTaskChanges(
    caller: Caller,
    filter: TaskChangeFilter,
    after: ChangePlace | null,
  ): Promise<AsyncIterable<TaskChange>>;
};
