import { sql } from 'kysely';
import type { WebhookAttempt } from '../domain/task/webhook.ts';
import type { Database } from './database.ts';

/** What was tried for the owner's own tasks among these, oldest first within a task. */
export async function findWebhookAttempts(
  database: Database,
  owner: string,
  taskIds: readonly string[],
): Promise<WebhookAttempt[]> {
  return await database
    .selectFrom('webhook_attempt')
    .innerJoin('webhook_delivery', 'webhook_delivery.id', 'webhook_attempt.delivery_id')
    .innerJoin('task', 'task.id', 'webhook_attempt.task_id')
    .select([
      'webhook_attempt.task_id as taskId',
      'task.owner',
      'event',
      'webhook_attempt.revision',
      'webhook_attempt.attempt',
      'at',
      'status_code as statusCode',
      'error',
      'next_attempt_at as nextAttemptAt',
    ])
    .where('task.owner', '=', owner)
    .where('webhook_attempt.task_id', '=', sql<string>`any(${taskIds})`)
    .orderBy('webhook_attempt.task_id')
    .orderBy('at')
    .orderBy('webhook_attempt.attempt')
    .execute();
}
