import type { WebhookAttempt } from '../src/domain/task/webhook.ts';
import { builder } from './builder.ts';
import { WebhookEventEnum } from './webhook.ts';

export const WebhookDelivery = builder.objectRef<WebhookAttempt>('WebhookDelivery').implement({
  description: "One attempt to deliver an event to a task's webhook, or the note that there will be no further one.",
  fields: (t) => ({
    event: t.expose('event', { type: WebhookEventEnum, description: 'The event.' }),
    revision: t.exposeInt('revision', { description: "The task's `revision` in the event." }),
    attempt: t.exposeInt('attempt', {
      description: '1 for the first try; more for those that repeat it, with the same `webhook-id`.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When the try began.' }),
    statusCode: t.exposeInt('statusCode', {
      nullable: true,
      description: 'The HTTP status that was answered. Null when no answer came.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it does not count as delivered, in English. Null when it does.',
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried again. Null when it is not: it was delivered, or given up.',
    }),
  }),
});
