import type { TaskChangeFilter } from '../src/domain/listing.ts';
import { maxWordLength } from '../src/domain/request-bounds.ts';
import { checkListLength, checkText, checkTexts, upTo } from './arguments.ts';
import { builder } from './builder.ts';
import { liveTasks, taskOf } from './live-tasks.ts';
import { Task } from './task.ts';
import { TaskKindEnum } from './task-enums.ts';

const maxValues = 100;

const TaskChangeFilterInput = builder.inputType('TaskChangeFilter', {
  description: `Which tasks to hear of, by what never changes, so that a task can't leave unseen. All conditions given must hold; of a list's values (up to ${maxValues}), one.`,
  fields: (t) => ({
    ids: t.idList({
      description: 'These tasks, such as those on the page. Ids that are not yours are never heard of.',
    }),
    kinds: t.field({ type: [TaskKindEnum], description: 'What they make.' }),
    modelNames: t.stringList({
      description: `The models asked for, by name, whatever the version: each ${upTo(maxWordLength)}.`,
    }),
    operator: t.string({ description: `Who asked: exactly this text, ${upTo(maxWordLength)}.` }),
  }),
});

builder.subscriptionField('taskChanges', (t) =>
  t.field({
    type: Task,
    description:
      'For lists and dashboards: first every matching task that changed after `since`, as it is now, then every change, new tasks included, without an end. A task may come twice with the same `revision`. When too much has changed to catch up, it ends with the error REFETCH_REQUIRED: read `tasks` again, and subscribe with its `asOf`.',
    args: {
      filter: t.arg({ type: TaskChangeFilterInput, description: 'Which tasks. Left out: all of yours.' }),
      since: t.arg({
        type: 'DateTime',
        description: 'Usually `asOf` of the page that is shown. Left out: only what changes from now on.',
      }),
    },
    subscribe: async (_root, { filter, since }, { useCases }) =>
      liveTasks(await useCases.watchTaskChanges(parseTaskChangeFilter(filter), since ?? null)),
    resolve: taskOf,
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
