import { IdempotencyConflictError, InvalidInputError, QuotaExceededError } from '../src/domain/errors.ts';
import type { Task } from '../src/domain/task/task.ts';
import { builder } from './builder.ts';
import type { ImageTask } from './image-task.ts';

/** To the type checker, all kinds have one type. */
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

/** A union of the payload and the errors of any create. */
export function createErrors(name: string) {
  return {
    types: [InvalidInputError, IdempotencyConflictError, QuotaExceededError],
    union: { name, description: 'The recorded task, or why there is none.' },
  };
}
