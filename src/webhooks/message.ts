import { Webhook } from 'standardwebhooks';
import type { Task } from '../domain/task/task.ts';
import type { WebhookEvent } from '../domain/task/webhook.ts';
import type { WebhookFile } from '../tasks/webhook-files.ts';

const types = { CHANGED: 'task.changed', ENDED: 'task.ended' } as const;

export function messageOf(event: WebhookEvent, at: Date, task: Task, files: readonly WebhookFile[]): string {
  const { id, kind, status, revision, upstreamTaskId, failure } = task;
  const data = { id, kind, status, revision, upstreamTaskId, failure, files };
  return JSON.stringify({ type: types[event], timestamp: at, data });
}

/** The headers of Standard Webhooks, with one signature for each secret. A retry has the same id, but its own time. */
export function signedHeaders(
  id: string,
  now: number,
  body: string,
  secrets: readonly string[],
): Record<string, string> {
  const at = new Date(now);
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'aigc-task-gateway',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
