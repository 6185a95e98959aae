import type { TaskEvent as TaskEventShape } from '../src/domain/task/task.ts';
import { builder } from './builder.ts';
import { TaskStatusEnum } from './task-enums.ts';

export const TaskEvent = builder.objectRef<TaskEventShape>('TaskEvent').implement({
  description: 'One transition of a task.',
  fields: (t) => ({
    status: t.expose('status', { type: TaskStatusEnum, description: 'What it became.' }),
    revision: t.exposeInt('revision', { description: "The task's `revision` from then on." }),
    at: t.expose('at', { type: 'DateTime', description: 'When the gateway recorded it.' }),
    message: t.exposeString('message', {
      nullable: true,
      description: 'What the vendor said to it; of a failure, its `message`. Null when there is nothing to say.',
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: "The vendor's id of the call that reported it. Null where no call did.",
    }),
  }),
});
