import { maxUrlLength } from '../src/domain/request/request-bounds.ts';
import { webhookOf, type Webhook, type WebhookEvent } from '../src/domain/task/webhook.ts';
import { upTo } from './arguments.ts';
import { builder } from './builder.ts';

export const WebhookEventEnum = builder.enumType('WebhookEvent', {
  description: 'Events of a task that a webhook receives.',
  values: {
    CHANGED: {
      description:
        'Each change of `revision` after the first one; where several come at once, only the newest. Its `type` is `task.changed`.',
    },
    ENDED: {
      description:
        'It became DONE or FAIL, also when that is corrected later, as after TIMED_OUT. Its `type` is `task.ended`. The URLs of its files are still the vendor’s then, also with an archive: ask for the task later, or take CHANGED, which also comes when they are archived.',
    },
  } satisfies Record<WebhookEvent, { description: string }>,
});

export const WebhookInput = builder.inputType('WebhookInput', {
  description: 'Where to POST what becomes of a task, signed as Standard Webhooks say.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description: `An https URL of ${upTo(maxUrlLength)} that the gateway can reach, so no private address. It has to answer with 2xx within 15 seconds, else the delivery is repeated for a day. Redirects are not followed.`,
    }),
    events: t.field({ type: [WebhookEventEnum], defaultValue: ['ENDED'], description: 'The events to deliver.' }),
  }),
});

/** `null` means the default, as everywhere in an input. */
export function webhookAsked(
  input: { url: string; events?: readonly WebhookEvent[] | null | undefined } | null | undefined,
): Webhook | null {
  return input == null ? null : webhookOf(input.url, input.events ?? ['ENDED']);
}
