import type { InputIssue } from './request/input-issue.ts';
import type { Task } from './task/task.ts';

/** A refusal that the schema returns as data. Nothing was recorded and nothing was sent. */
export abstract class UserError extends Error {
  abstract override readonly name: string;
}

/** Has at least one issue; of a create at most `maxIssues`. */
export class InvalidInputError extends UserError {
  override readonly name = 'InvalidInputError';
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' '));
    this.issues = issues;
  }
}

export abstract class RefusalWithTask extends UserError {
  readonly task: Task;

  constructor(message: string, task: Task) {
    super(message);
    this.task = task;
  }
}

export class IdempotencyConflictError extends RefusalWithTask {
  override readonly name = 'IdempotencyConflictError';

  constructor(task: Task) {
    super('This idempotencyKey was already used for another request. Use a new key for a new task.', task);
  }
}

export class QuotaExceededError extends UserError {
  override readonly name = 'QuotaExceededError';
  readonly retryAfterSeconds: number | null;

  constructor(message: string, retryAfterSeconds: number | null) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The answer for foreign, unknown and malformed ids alike. */
export class TaskNotFoundError extends UserError {
  override readonly name = 'TaskNotFoundError';

  constructor() {
    super('No task with this id is known to you.');
  }
}

/** Also for a task of another owner, so that its existence is not revealed. */
export class UpstreamTaskNotFoundError extends UserError {
  override readonly name = 'UpstreamTaskNotFoundError';

  constructor() {
    super('The upstream knows no such task that could be tracked for you. Nothing was recorded.');
  }
}

export class TaskAlreadySubmittedError extends RefusalWithTask {
  override readonly name = 'TaskAlreadySubmittedError';

  constructor(task: Task) {
    super('The task was already sent upstream, which has no cancel, or it has already ended.', task);
  }
}

export class TaskNotRetryableError extends RefusalWithTask {
  override readonly name = 'TaskNotRetryableError';

  constructor(task: Task) {
    super(
      'Only a task that ended as FAIL, with a failure that is retryable and a request that is known, can be retried.',
      task,
    );
  }
}

export class RefetchRequiredError extends Error {
  override readonly name = 'RefetchRequiredError';

  constructor() {
    super(
      'What has changed since then can not be replayed: it is too much, older than 7 days, or the database was restored. ' +
        'Read tasks again and subscribe with its changeCursor.',
    );
  }
}

export abstract class RefusalForNow extends Error {
  readonly retryAfterSeconds: number;

  constructor(
    message: string,
    { retryAfterSeconds = 1, ...options }: ErrorOptions & { retryAfterSeconds?: number } = {},
  ) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The gateway can't do this right now, through no fault of the caller. */
export class TemporarilyUnavailableError extends RefusalForNow {
  override readonly name = 'TemporarilyUnavailableError';
}

export class TooManyAtOnceError extends RefusalForNow {
  override readonly name = 'TooManyAtOnceError';
}
