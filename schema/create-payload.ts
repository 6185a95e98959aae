import { IdempotencyConflictError, InvalidInputError, QuotaExceededError } from '../src/domain/errors.ts';
import type { Task } from '../src/domain/task/task.ts';
import { builder } from './builder.ts';
import type { ImageTask } from './image-task.ts';

/** The types of all kinds are one to the checker. */
type TaskType = typeof ImageTask;

/** What a create of any kind answers when there is a task. */
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

/** What a create of any kind answers when there is none, in a union of this name with its payload. */
export function createErrors(name: string) {
  return {
    types: [InvalidInputError, IdempotencyConflictError, QuotaExceededError],
    union: { name, description: 'The recorded task, or why there is none.' },
  };
}
