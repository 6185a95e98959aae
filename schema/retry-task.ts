import {
  IdempotencyConflictError,
  InvalidInputError,
  QuotaExceededError,
  TaskNotFoundError,
  TaskNotRetryableError,
} from '../src/domain/errors.ts';
import { maxWordLength } from '../src/domain/request/request-bounds.ts';
import type { Task as TaskShape } from '../src/domain/task/task.ts';
import { upTo } from './arguments.ts';
import { builder } from './builder.ts';
import { unbatchedCost } from './query-limits.ts';
import { Task } from './task.ts';

const RetryTaskInput = builder.inputType('RetryTaskInput', {
  description: 'Which task to ask for again.',
  fields: (t) => ({
    id: t.id({ required: true, description: "The failed task's `id`." }),
    idempotencyKey: t.string({
      description: `As for creating, ${upTo(maxWordLength)}. Left out: there is one retry of each failed task, and asking again answers with it.`,
    }),
  }),
});

const RetryTaskPayload = builder.objectRef<{ task: TaskShape }>('RetryTaskPayload').implement({
  description: 'The new task was recorded.',
  fields: (t) => ({
    task: t.expose('task', { type: Task, description: 'The new task; its `retryOf` is the failed one.' }),
  }),
});

builder.mutationField('retryTask', (t) =>
  t.field({
    type: RetryTaskPayload,
    nullable: true,
    description:
      'Creates a new, billed task with the request and the `webhook` of a failed one (`canRetry`). After SUBMISSION_UNCONFIRMED, the failed one may be made and billed as well.',
    args: { input: t.arg({ type: RetryTaskInput, required: true, description: 'Which task to ask for again.' }) },
    complexity: unbatchedCost,
    errors: {
      types: [
        TaskNotFoundError,
        TaskNotRetryableError,
        IdempotencyConflictError,
        QuotaExceededError,
        InvalidInputError,
      ],
      union: { name: 'RetryTaskResult', description: 'The new task, or why there is none.' },
    },
    resolve: async (_root, { input: { id, idempotencyKey } }, { useCases }) => ({
      task: await useCases.retryTask(id, idempotencyKey ?? null),
    }),
  }),
);
