import { InvalidInputError, QuotaExceededError, UpstreamTaskNotFoundError } from '../src/domain/errors.ts';
import { maxWordLength } from '../src/domain/request/request-bounds.ts';
import type { Task as TaskShape } from '../src/domain/task/task.ts';
import { upTo } from './arguments.ts';
import { builder } from './builder.ts';
import { unbatchedCost } from './query-limits.ts';
import { Task } from './task.ts';
import { TaskKindEnum } from './task-enums.ts';

const TrackTaskInput = builder.inputType('TrackTaskInput', {
  description: 'Which task to adopt.',
  fields: (t) => ({
    upstreamTaskId: t.string({
      required: true,
      description: `The vendor's TaskId, such as \`4-AigcVideo-c3b145ec76…\`, ${upTo(maxWordLength)}.`,
    }),
    kind: t.field({ type: TaskKindEnum, description: 'Only needed where the id does not tell it.' }),
  }),
});

const TrackTaskPayload = builder.objectRef<{ task: TaskShape }>('TrackTaskPayload').implement({
  description: 'The task is followed from now on.',
  fields: (t) => ({
    task: t.expose('task', {
      type: Task,
      description: 'The adopted task, or the one of yours that it already was, as it is by now.',
    }),
  }),
});

builder.mutationField('trackTask', (t) =>
  t.field({
    type: TrackTaskPayload,
    nullable: true,
    description:
      "Adopts a task that was made elsewhere, by asking the vendor for it first. What it was asked for can't be learned: its `request`, `prompt` and `model` stay null. One of your own tasks is answered as it is, unless it ended as TIMED_OUT, NOT_FOUND or GATEWAY_ERROR: then the vendor is asked again, and what it says is recorded.",
    args: { input: t.arg({ type: TrackTaskInput, required: true, description: 'Which task to adopt.' }) },
    complexity: unbatchedCost,
    errors: {
      types: [UpstreamTaskNotFoundError, InvalidInputError, QuotaExceededError],
      union: { name: 'TrackTaskResult', description: 'The adopted task, or why there is none.' },
    },
    resolve: async (_root, { input: { upstreamTaskId, kind } }, { useCases }) => ({
      task: await useCases.trackTask({ upstreamTaskId, kind: kind ?? null }),
    }),
  }),
);
