import { isStorable } from '../src/domain/request/text.ts';
import { AigcTask } from './aigc-task.ts';
import { AudioTask } from './audio-task.ts';
import { builder } from './builder.ts';
import { ImageTask } from './image-task.ts';
import { taskTypeNames } from './node.ts';
import { VideoTask } from './video-task.ts';

export const Task = builder.unionType('Task', {
  description: 'A generation task of any kind. All of them are an `AigcTask`.',
  types: [ImageTask, VideoTask, AudioTask],
  resolveType: ({ kind }) => taskTypeNames[kind],
});

// Not beside the interface's other fields: the union's members come after the interface.
builder.interfaceField(AigcTask, 'retryOf', (t) =>
  t.field({
    type: Task,
    nullable: true,
    description: 'The failed task that `retryTask` made this one from. Null for one that was made otherwise.',
    resolve: (task, _arguments, { loaders }) => (task.retryOf === null ? null : loaders.task.load(task.retryOf)),
  }),
);

builder.queryField('task', (t) =>
  t.field({
    type: Task,
    nullable: true,
    description: 'One of your tasks. Null for any other id: foreign, unknown and malformed ones alike.',
    args: { id: t.arg.id({ required: true, description: "The task's `id`." }) },
    resolve: (_root, { id }, { loaders }) => loaders.task.load(id),
  }),
);

builder.queryField('taskByUpstreamId', (t) =>
  t.field({
    type: Task,
    nullable: true,
    description:
      "One of your tasks, by the vendor's id. Null when none of yours has it; `trackTask` could adopt it then.",
    args: {
      upstreamTaskId: t.arg.string({
        required: true,
        description: "The vendor's TaskId, such as `4-AigcVideo-c3b145ec76…`.",
      }),
    },
    resolve: (_root, { upstreamTaskId }, { loaders }) =>
      isStorable(upstreamTaskId) ? loaders.taskByUpstreamId.load(upstreamTaskId) : null,
  }),
);
