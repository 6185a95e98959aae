import type { InputIssue } from '../request/input-issue.ts';
import { referenceUrlIssue } from '../request/reference-url.ts';
import { isStorable, notStorable } from '../request/text.ts';

/** ENDED: the task is DONE or FAIL, or a late result corrects its end. */
export const webhookEvents = ['CHANGED', 'ENDED'] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

export type Webhook = { url: string; events: WebhookEvent[] };

/** One owner's deliveries to one receiver, in the order in which they are due. */
export type Lane = {
  owner: string;
  host: string;
  /** The same for URLs that differ only in their query. */
  receiver: string;
};

/** An attempt to deliver, or the note that there will be no further one. */
export type WebhookAttempt = {
  taskId: string;
  owner: string;
  event: WebhookEvent;
  revision: number;
  attempt: number;
  at: Date;
  statusCode: number | null;
  error: string | null;
  nextAttemptAt: Date | null;
};

export type WebhookPort = {
  /** A hint that a delivery is due; without it, the delivery is found a little later. */
  due(taskId: string): void;
};

export function webhookOf(url: string, events: readonly WebhookEvent[]): Webhook {
  return { url, events: webhookEvents.filter((event) => events.includes(event)) };
}

/** The address is resolved and checked again at each call. */
export function webhookIssues({ url, events }: Webhook, exemptOrigins: readonly string[]): InputIssue[] {
  const issues: InputIssue[] = [];
  const ofUrl = urlIssue(url, exemptOrigins);
  if (ofUrl !== null) issues.push({ path: ['webhook', 'url'], ...ofUrl });
  if (events.length === 0) {
    const message = 'Say what to tell: CHANGED, ENDED or both. Left out, it is ENDED.';
    issues.push({ path: ['webhook', 'events'], code: 'REQUIRED', message });
  }
  return issues;
}

function urlIssue(url: string, exemptOrigins: readonly string[]): Omit<InputIssue, 'path'> | null {
  if (!isStorable(url)) return notStorable;
  const issue = referenceUrlIssue(url, exemptOrigins);
  if (issue !== null) return issue;
  const { protocol, origin } = new URL(url);
  if (protocol === 'https:' || exemptOrigins.includes(origin)) return null;
  return { code: 'NOT_ALLOWED', message: 'A webhook is only sent over https. Give a URL that begins with https://.' };
}
