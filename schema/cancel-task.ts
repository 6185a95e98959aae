import { TaskAlreadySubmittedError, TaskNotFoundError } from '../src/domain/errors.ts';
import type { Task as TaskShape } from '../src/domain/task/task.ts';
import { builder } from './builder.ts';
import { unbatchedCost } from './query-limits.ts';
import { Task } from './task.ts';

const CancelTaskInput = builder.inputType('CancelTaskInput', {
  description: 'Which task to cancel.',
  fields: (t) => ({ id: t.id({ required: true, description: "The task's `id`." }) }),
});

const CancelTaskPayload = builder.objectRef<{ task: TaskShape }>('CancelTaskPayload').implement({
  description: 'The task was withdrawn: it was never sent and costs nothing.',
  fields: (t) => ({
    task: t.expose('task', { type: Task, description: 'The task, now FAIL with the code CANCELED.' }),
  }),
});

builder.mutationField('cancelTask', (t) =>
  t.field({
    type: CancelTaskPayload,
    nullable: true,
    description:
      'Withdraws a task that is still held back here (`canCancel`). The vendor has no cancel: once it has the task, this can only refuse.',
    args: { input: t.arg({ type: CancelTaskInput, required: true, description: 'Which task to cancel.' }) },
    complexity: unbatchedCost,
    errors: {
      types: [TaskNotFoundError, TaskAlreadySubmittedError],
      union: { name: 'CancelTaskResult', description: 'The withdrawn task, or why it goes on.' },
    },
    resolve: async (_root, { input }, { useCases }) => ({ task: await useCases.cancelTask(input.id) }),
  }),
);
