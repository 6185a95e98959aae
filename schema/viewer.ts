import type { Quota as QuotaShape, Viewer as ViewerShape } from '../src/domain/task/quota.ts';
import { builder } from './builder.ts';
import { unbatchedCost } from './query-limits.ts';

const Quota = builder.objectRef<QuotaShape>('Quota').implement({
  description: 'What you may have at most. What would be more is refused with a `QuotaExceededError`.',
  fields: (t) => ({
    tasksInFlight: t.exposeInt('tasksInFlight', {
      nullable: true,
      description: 'Tasks that have not ended. Null: any number.',
    }),
    createsPerMinute: t.exposeInt('createsPerMinute', {
      nullable: true,
      description: 'Tasks created within 60 seconds, retries and adopted ones included. Null: any number.',
    }),
  }),
});

const Viewer = builder.objectRef<ViewerShape>('Viewer').implement({
  description: 'You, as this API knows you: whose tasks you see, and how many more you may create.',
  fields: (t) => ({
    owner: t.exposeString('owner', {
      description: 'The owner of your tasks. All keys and tokens of one owner see the same tasks.',
    }),
    tasksInFlight: t.exposeInt('tasksInFlight', {
      description: 'Your tasks that have not ended, counted no further than 10,000.',
    }),
    createsLastMinute: t.exposeInt('createsLastMinute', {
      description:
        'Your tasks that were created within the last 60 seconds, retries and adopted ones included, counted no further than 10,000.',
    }),
    quota: t.expose('quota', { type: Quota, description: 'How many there may be of both.' }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: true,
    description: 'Where you stand: who you are here, what you have and what you may have.',
    complexity: unbatchedCost,
    resolve: (_root, _arguments, { useCases }) => useCases.getViewer(),
  }),
);
