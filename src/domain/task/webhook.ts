import type { InputIssue } from '../request/input-issue.ts';
import { referenceUrlIssue } from '../request/reference-url.ts';
import { isStorable, notStorable } from '../request/text.ts';

/** CHANGED: every change of a task's revision. ENDED: the task is DONE or FAIL, or is found to have ended otherwise. */
export const webhookEvents = ['CHANGED', 'ENDED'] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Whom to tell about a task, and what of it. */
export type Webhook = { url: string; events: WebhookEvent[] };

/** Where an owner's deliveries to one receiver wait, in the order in which they are due. */
export type Lane = {
  owner: string;
  /** As `URL.host` spells it. */
  host: string;
  /** Stands for the URL without its query: what differs there only is the same receiver. */
  receiver: string;
};

/** One try to tell, or that there will be none any more. */
export type WebhookAttempt = {
  taskId: string;
  /** Of the task. */
  owner: string;
  event: WebhookEvent;
  /** Of the task as it was to be told. */
  revision: number;
  /** 1 for the first try of a delivery. */
  attempt: number;
  at: Date;
  /** null when no answer came. */
  statusCode: number | null;
  /** null when it was delivered. */
  error: string | null;
  /** null when it was the last one. */
  nextAttemptAt: Date | null;
};

export type WebhookPort = {
  /** Something is to be told about a task. Only a hint: what is recorded is found without it, a little later. */
  due(taskId: string): void;
};

/** The same webhook whatever order its events were given in. */
export function webhookOf(url: string, events: readonly WebhookEvent[]): Webhook {
  return { url, events: webhookEvents.filter((event) => events.includes(event)) };
}

/** What is wrong with a webhook. Its address is looked up, and checked again, whenever it is called. */
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
