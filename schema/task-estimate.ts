import type { Estimate } from '../src/domain/learning/estimate.ts';
import { builder } from './builder.ts';

export const TaskEstimate = builder.objectRef<Estimate>('TaskEstimate').implement({
  description:
    'When a task probably ends, learned from what the same model took before. Read it again as time goes by: it changes without a new `revision`.',
  fields: (t) => ({
    expectedEndAt: t.expose('expectedEndAt', {
      type: 'DateTime',
      description: 'Half of such tasks have ended by then.',
    }),
    latestEndAt: t.expose('latestEndAt', {
      type: 'DateTime',
      description: 'Nine in ten of such tasks have ended by then.',
    }),
    progress: t.exposeFloat('progress', {
      description: 'For a progress bar: from 0 to below 1. An estimate, as the vendor reports no progress.',
    }),
  }),
});
