import { builder } from './builder.ts';
import { happeningOf, liveEvents } from './live-tasks.ts';
import { Task } from './task.ts';

builder.subscriptionField('taskStatus', (t) =>
  t.field({
    type: Task,
    description:
      'One of your tasks as it is now, at once, then at each change; completes after DONE or FAIL. Any other id, foreign, unknown or malformed, gets the error NOT_FOUND.',
    args: { id: t.arg.id({ required: true, description: "The task's `id`." }) },
    subscribe: async (_root, { id }, { useCases }) => liveEvents(await useCases.watchTask(id)),
    resolve: happeningOf,
  }),
);
