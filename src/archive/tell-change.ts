import type { WebhookPort } from '../domain/task/webhook.ts';
import type { Changed } from '../store/archiving.ts';
import type { ChangeAnnouncer } from '../store/change-announcer.ts';

/** Those whom a change of a task is told to. */
export type Listeners = {
  announcer: Pick<ChangeAnnouncer, 'changed'>;
  webhooks: Pick<WebhookPort, 'due'>;
};

export function tellChange({ announcer, webhooks }: Listeners, changed: Changed): void {
  announcer.changed(changed);
  if (changed.hasWebhook) webhooks.due(changed.id);
}
