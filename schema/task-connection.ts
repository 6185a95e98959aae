import type { TaskCount, TaskPage } from '../src/domain/task/listing.ts';
import type { Task as TaskShape } from '../src/domain/task/task.ts';
import { builder } from './builder.ts';
import { encodeCursor } from './cursor.ts';
import { maxPageSize, parsePageRequest, defaultPageSize } from './page-request.ts';
import { unbatchedCost } from './query-limits.ts';
import { Task } from './task.ts';
import { parseTaskFilter, TaskFilterInput } from './task-filter.ts';

const PageInfo = builder.objectRef<TaskPage>('PageInfo').implement({
  description: 'Where a page lies in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether older tasks follow.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether newer tasks come before.' }),
    startCursor: t.string({
      nullable: true,
      description: 'Of the first task: what `before` takes. Null on an empty page.',
      resolve: ({ tasks }) => cursorOf(tasks.at(0)),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'Of the last task: what `after` takes. Null on an empty page.',
      resolve: ({ tasks }) => cursorOf(tasks.at(-1)),
    }),
  }),
});

function cursorOf(task: TaskShape | undefined): string | null {
  return task ? encodeCursor(task.id) : null;
}

const TaskEdge = builder.objectRef<TaskShape>('TaskEdge').implement({
  description: 'A task and its place in the list.',
  fields: (t) => ({
    cursor: t.string({
      description: 'What `after` and `before` take. Opaque.',
      resolve: (task) => encodeCursor(task.id),
    }),
    node: t.field({ type: Task, description: 'The task.', resolve: (task) => task }),
  }),
});

/** `count` counts once, and only when it is selected. */
type TaskConnectionShape = TaskPage & { count: () => Promise<TaskCount> };

const TaskConnection = builder.objectRef<TaskConnectionShape>('TaskConnection').implement({
  description: 'A page of tasks.',
  fields: (t) => ({
    edges: t.field({
      type: [TaskEdge],
      complexity: { field: 1, multiplier: 1 },
      description: 'The tasks with their cursors.',
      resolve: ({ tasks }) => tasks,
    }),
    nodes: t.field({
      type: [Task],
      complexity: { field: 1, multiplier: 1 },
      description: 'The tasks without them: enough when paging with `pageInfo`.',
      resolve: ({ tasks }) => tasks,
    }),
    pageInfo: t.field({
      type: PageInfo,
      description: 'Whether there is more, and from where.',
      resolve: (page) => page,
    }),
    totalCount: t.int({
      description: 'How many tasks match on all pages, counted no further than 10,000, and only when selected.',
      resolve: async ({ count }) => (await count()).count,
    }),
    totalCountIsExact: t.boolean({
      description: 'False when `totalCount` stopped at its limit: show "more than 10,000".',
      resolve: async ({ count }) => (await count()).exact,
    }),
    asOf: t.expose('asOf', {
      type: 'DateTime',
      description: 'The moment at which the page was read, for people. Programs go on from `changeCursor`.',
    }),
    changeCursor: t.expose('place', {
      type: 'ChangeCursor',
      description: 'Where the page was true. Hand it to `taskChanges(after:)`, and nothing falls between.',
    }),
  }),
});

builder.queryField('tasks', (t) =>
  t.field({
    type: TaskConnection,
    nullable: true,
    description:
      'Your tasks, newest first, as a Relay connection. Page forwards with `first` and `after`, or backwards with `last` and `before`.',
    args: {
      first: t.arg.int({
        description: `How many tasks from the page's newest on: 1 to ${maxPageSize}. Default: ${defaultPageSize}. Not together with \`last\`.`,
      }),
      after: t.arg.string({ description: "Only tasks older than this cursor's." }),
      last: t.arg.int({ description: `How many tasks up to the page's oldest: 1 to ${maxPageSize}.` }),
      before: t.arg.string({ description: "Only tasks newer than this cursor's." }),
      filter: t.arg({ type: TaskFilterInput, description: 'Which tasks. Left out: all.' }),
    },
    complexity: ({ first, last }) => ({
      field: unbatchedCost,
      // A number out of bounds is refused with its own error.
      multiplier: Math.min(Math.max(first ?? last ?? defaultPageSize, 1), maxPageSize),
    }),
    resolve: async (_root, { filter, ...page }, { useCases }) => {
      const taskFilter = parseTaskFilter(filter);
      const found = await useCases.listTasks(parsePageRequest(page), taskFilter);
      let counting: Promise<TaskCount> | undefined;
      return { ...found, count: () => (counting ??= useCases.countTasks(taskFilter)) };
    },
  }),
);
