import type { TaskChangeFilter } from '../src/domain/task/listing.ts';
import type { TaskChange as TaskChangeShape } from '../src/domain/task/task-change.ts';
import { maxWordLength } from '../src/domain/request/request-bounds.ts';
import { checkListLength, checkText, checkTexts, upTo } from './arguments.ts';
import { builder } from './builder.ts';
import { happeningOf, liveEvents } from './live-tasks.ts';
import { Task } from './task.ts';
import { TaskChangeTypeEnum, TaskKindEnum } from './task-enums.ts';

const maxValues = 100;

const TaskChangeFilterInput = builder.inputType('TaskChangeFilter', {
  description: `Which tasks to hear of, by what never changes, so that a task can't leave unseen. All conditions given must hold; of a list's values (up to ${maxValues}), one.`,
  fields: (t) => ({
    ids: t.idList({
      description: 'These tasks, such as those on the page. Ids that are not yours are never heard of.',
    }),
    kinds: t.field({ type: [TaskKindEnum], description: 'What they make.' }),
    modelNames: t.stringList({
      description: `The requested models, by name, whatever the version: each ${upTo(maxWordLength)}.`,
    }),
    operator: t.string({
      description: `The \`operator\` of the create input: exactly this text, ${upTo(maxWordLength)}.`,
    }),
  }),
});

const TaskChange = builder.objectRef<TaskChangeShape>('TaskChange').implement({
  description: 'What became of one task.',
  fields: (t) => ({
    type: t.expose('type', { type: TaskChangeTypeEnum, description: 'What became of it.' }),
    taskId: t.id({ description: "The task's `id`.", resolve: ({ task }) => task.id }),
    task: t.field({
      type: Task,
      nullable: true,
      description: 'The task as it is now. Null when it is there no more, which nothing does to a task yet.',
      resolve: ({ task }) => task,
    }),
    cursor: t.expose('place', {
      type: 'ChangeCursor',
      description:
        'To resume from here after a disconnect: all changes before it were delivered. Those of the last seconds before may come again.',
    }),
  }),
});

builder.subscriptionField('taskChanges', (t) =>
  t.field({
    type: TaskChange,
    description:
      'For lists and dashboards: first what became of every matching task after the place `after`, then every change, new tasks included, without an end. In the order of commits, at least once: a task may come twice with the same `revision`. What can not be caught up with, because it is too much or too long ago, ends with the error REFETCH_REQUIRED: read `tasks` again, and subscribe with its `changeCursor`.',
    args: {
      filter: t.arg({ type: TaskChangeFilterInput, description: 'Which tasks. Left out: all of yours.' }),
      after: t.arg({
        type: 'ChangeCursor',
        description:
          '`changeCursor` of the page that is shown, or after a disconnect the last `cursor` that came. Left out: only what changes from now on.',
      }),
    },
    subscribe: async (_root, { filter, after }, { useCases }) =>
      liveEvents(await useCases.watchTaskChanges(parseTaskChangeFilter(filter), after ?? null)),
    resolve: happeningOf,
  }),
);

function parseTaskChangeFilter(input: typeof TaskChangeFilterInput.$inferInput | null | undefined): TaskChangeFilter {
  const { ids, kinds, modelNames, operator } = input ?? {};
  checkListLength('filter.ids', ids, maxValues);
  checkListLength('filter.kinds', kinds, maxValues);
  checkTexts('filter.modelNames', modelNames, maxValues);
  checkText('filter.operator', operator, maxWordLength);
  return {
    ...(ids && { ids }),
    ...(kinds && { kinds }),
    ...(modelNames && { modelNames }),
    ...(typeof operator === 'string' && { operator }),
  };
}
