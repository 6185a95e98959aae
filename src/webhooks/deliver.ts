import type { Clock } from '../kit/clock.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import type { PublicRequests } from '../domain/outbound.ts';
import type { Task } from '../domain/task/task.ts';
import type { Logger } from '../kit/logger.ts';
import type { Database } from '../store/database.ts';
import { findTasksById } from '../store/find-tasks.ts';
import { endDelivery, recordAttempt, type ClaimedDelivery, type DeliveryOutcome } from '../store/webhook-deliveries.ts';
import type { WebhookFile } from '../tasks/webhook-files.ts';
import { messageOf, signedHeaders } from './message.ts';
import { post, type PostResult } from './post.ts';
import { maxAgeMs, retryPauseMs } from './retry-schedule.ts';
import { getSigningSecrets } from './signing-secrets.ts';

export type DeliverDependencies = {
  database: Database;
  requests: PublicRequests;
  /** Sign for owners who have chosen no secret of their own. */
  secrets: readonly string[];
  /** A task's results as its owner would see them now: never a dead URL. */
  findFiles(task: Task): Promise<readonly WebhookFile[]>;
  metrics: Pick<MetricsSink, 'webhookTried'>;
  clock: Clock;
  logger: Logger;
};

const maxLoggedAttempts = 50;
/** The schedule's, and some that left no trace because the process died or the database was away. */
const maxAttempts = 30;

/** Tries once, with the task as it is now, and records the outcome. Returns whether a request was sent. */
export async function deliver(
  dependencies: DeliverDependencies,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<boolean> {
  const { database, metrics, logger } = dependencies;
  const [task] = await findTasksById(database, [delivery.taskId]);
  if (task === undefined || isStale(delivery, task)) {
    await endDelivery(database, delivery);
    return false;
  }
  const giveUpReason = giveUpReasonOf(delivery);
  const { statusCode, error, retryMs } =
    giveUpReason === null
      ? await send(dependencies, delivery, task, signal)
      : { statusCode: null, error: giveUpReason, retryMs: null };
  const outcome = { revision: task.revision, statusCode, error, retryMs };
  const retryAt = await recordAttempt(database, delivery, outcome, maxLoggedAttempts);
  metrics.webhookTried(error === null ? 'delivered' : retryMs === null ? 'given-up' : 'failed');
  // Without the URL, which may carry secrets of its owner.
  logger.info(
    { taskId: task.id, deliveryId: delivery.id, attempt: delivery.attempt, statusCode, error, retryAt },
    giveUpReason === null ? 'A webhook was sent.' : 'A webhook was given up.',
  );
  return giveUpReason === null;
}

async function send(
  { database, requests, secrets: configured, findFiles, clock }: DeliverDependencies,
  delivery: ClaimedDelivery,
  task: Task,
  signal: AbortSignal,
): Promise<Pick<DeliveryOutcome, 'statusCode' | 'error' | 'retryMs'>> {
  const body = messageOf(delivery.event, delivery.createdAt, task, await findFiles(task));
  const secrets = await getSigningSecrets(database, task.owner, configured);
  const headers = signedHeaders(delivery.id, clock.now(), body, secrets);
  const result = await post(requests, { url: delivery.url, headers, body }, clock.now, signal);
  return { statusCode: result.statusCode, error: result.error, retryMs: retryMsOf(delivery, result) };
}

/** Overtaken by a later delivery, or about an end that was corrected since: the next end has a delivery of its own. */
function isStale({ event, isOvertaken }: ClaimedDelivery, task: Task): boolean {
  return isOvertaken || (event === 'ENDED' && task.state !== 'ended');
}

function giveUpReasonOf(delivery: ClaimedDelivery): string | null {
  if (ageAtTryMs(delivery) > maxAgeMs) return 'It was not sent: it has waited for more than a day.';
  if (delivery.attempt > maxAttempts) return 'It was not sent: too many tries were cut off before they were over.';
  return null;
}

function retryMsOf(delivery: ClaimedDelivery, result: PostResult): number | null {
  if (!result.isWorthRetrying) return null;
  const { attempt } = delivery;
  return retryPauseMs({ attempt, ageMs: ageAtTryMs(delivery), retryAfterMs: result.retryAfterMs });
}

function ageAtTryMs({ at, createdAt }: ClaimedDelivery): number {
  return at.getTime() - createdAt.getTime();
}
