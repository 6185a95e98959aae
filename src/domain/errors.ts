import type { InputIssue } from './request/input-issue.ts';
import type { Task } from './task/task.ts';

/** A refusal that the caller is meant to see, as data in the schema. Nothing was recorded and nothing was sent. */
export abstract class UserError extends Error {
  abstract override readonly name: string;
}

/**
 * The input breaks a rule, the vendor's or the gateway's. Each issue says where and how, for the field of a form; there is
 * at least one, and of a create's at most `maxIssues`.
 */
export class InvalidInputError extends UserError {
  override readonly name = 'InvalidInputError';
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' '));
    this.issues = issues;
  }
}

/** A refusal that shows the task which it is about. */
export abstract class RefusalWithTask extends UserError {
  readonly task: Task;

  constructor(message: string, task: Task) {
    super(message);
    this.task = task;
  }
}

/** The caller's key stands for another request already: `task` is what that one made. */
export class IdempotencyConflictError extends RefusalWithTask {
  override readonly name = 'IdempotencyConflictError';

  constructor(task: Task) {
    super('This idempotencyKey was already used for another request. Use a new key for a new task.', task);
  }
}

/** The owner has as many tasks in flight, or has created as many within 60 seconds, as it may. */
export class QuotaExceededError extends UserError {
  override readonly name = 'QuotaExceededError';
  /** After which trying again makes sense; null when nobody can tell. */
  readonly retryAfterSeconds: number | null;

  constructor(message: string, retryAfterSeconds: number | null) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The id is none of the caller's tasks': foreign, unknown and malformed ids alike. */
export class TaskNotFoundError extends UserError {
  override readonly name = 'TaskNotFoundError';

  constructor() {
    super('No task with this id is known to you.');
  }
}

/** The upstream knows no task by this id, or it is another owner's: nobody learns which. */
export class UpstreamTaskNotFoundError extends UserError {
  override readonly name = 'UpstreamTaskNotFoundError';

  constructor() {
    super('The upstream knows no such task that could be tracked for you. Nothing was recorded.');
  }
}

/** Too late to cancel: `task` has been sent, or has ended. */
export class TaskAlreadySubmittedError extends RefusalWithTask {
  override readonly name = 'TaskAlreadySubmittedError';

  constructor(task: Task) {
    super('The task was already sent upstream, which has no cancel, or it has already ended.', task);
  }
}

/** `task` has not ended as FAIL, the same request could not work, or it was adopted, so that its request is not known. */
export class TaskNotRetryableError extends RefusalWithTask {
  override readonly name = 'TaskNotRetryableError';

  constructor(task: Task) {
    super(
      'Only a task that ended as FAIL, with a failure that is retryable and a request that is known, can be retried.',
      task,
    );
  }
}

/** What changed after the given place can't be replayed: it is too much, too long ago, or of another database. */
export class RefetchRequiredError extends Error {
  override readonly name = 'RefetchRequiredError';

  constructor() {
    super(
      'What has changed since then can not be replayed: it is too much, older than 7 days, or the database was restored. ' +
        'Read tasks again and subscribe with its changeCursor.',
    );
  }
}

type RefusalForNow = ErrorOptions & {
  /** After which trying again makes sense. */
  retryAfterSeconds?: number;
};

/** The gateway can't do this right now through no fault of the caller; the same call may work in a moment. */
export class TemporarilyUnavailableError extends Error {
  override readonly name = 'TemporarilyUnavailableError';
  readonly retryAfterSeconds: number;

  constructor(message: string, { retryAfterSeconds = 1, ...options }: RefusalForNow = {}) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The caller has as much of it under way as it may; it works again when some of that is done. */
export class TooManyAtOnceError extends Error {
  override readonly name = 'TooManyAtOnceError';
  readonly retryAfterSeconds: number;

  constructor(message: string, { retryAfterSeconds = 1, ...options }: RefusalForNow = {}) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
