import { IdempotencyConflictError, InvalidInputError, QuotaExceededError } from '../src/domain/errors.ts';
import type { Task } from '../src/domain/task/task.ts';
import { builder } from './builder.ts';
import type { ImageTask } from './image-task.ts';

/** To the type checker, the types of all kinds are one. */
type TaskType = typeof ImageTask;

export function createPayload(name: string, type: TaskType) {
  return builder.objectRef<{ task: Task }>(name).implement({
    description: 'The task was recorded.',
    fields: (t) => ({
      task: t.expose('task', {
        type,
        description:
          'The new task, or the one that the idempotency key stands for. Look at its `status` and `failure`.',
      }),
    }),
  });
}

/** A union of this name: the payload, or the errors of a create of any kind. */
export function createErrors(name: string) {
  return {
    types: [InvalidInputError, IdempotencyConflictError, QuotaExceededError],
    union: { name, description: 'The recorded task, or why there is none.' },
  };
}
