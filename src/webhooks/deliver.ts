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
import { oldestMs, retryPauseMs } from './retry-schedule.ts';
import { getSigningSecrets } from './signing-secrets.ts';

export type DeliverDependencies = {
  database: Database;
  requests: PublicRequests;
  /** Sign for owners who have chosen no secret of their own. */
  secrets: readonly string[];
  /** A task's results as its owner would be shown them now: never a dead URL. */
  findFiles(task: Task): Promise<readonly WebhookFile[]>;
  metrics: Pick<MetricsSink, 'webhookTried'>;
  clock: Clock;
  logger: Logger;
};

/** Lines of a task's log: the newest are kept. */
const keptAttempts = 50;
/** Beyond those of the schedule, some that nothing is known of: the process died, or the database was away. */
const mostAttempts = 30;

/** What became of a delivery. `retryAt` is null when it is over. */
export type Delivered = { wasSent: boolean; retryAt: Date | null };

/**
 * Tries once, with the task as it is now, and writes down what came of it. What was overtaken isn't sent: a later
 * delivery tells it. Nor is what is hopeless, which the log then says.
 */
export async function deliver(
  dependencies: DeliverDependencies,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<Delivered> {
  const { database, metrics, logger } = dependencies;
  const [task] = await findTasksById(database, [delivery.taskId]);
  if (task === undefined || isStale(delivery, task)) {
    await endDelivery(database, delivery.id);
    return { wasSent: false, retryAt: null };
  }
  const hopeless = hopelessnessOf(delivery);
  const { statusCode, error, retryMs } =
    hopeless === null
      ? await send(dependencies, delivery, task, signal)
      : { statusCode: null, error: hopeless, retryMs: null };
  const outcome = { revision: task.revision, statusCode, error, retryMs };
  const retryAt = await recordAttempt(database, delivery, outcome, keptAttempts);
  metrics.webhookTried(error === null ? 'delivered' : retryMs === null ? 'given-up' : 'failed');
  // The URL may carry what only its owner is to know.
  logger.info(
    { taskId: task.id, deliveryId: delivery.id, attempt: delivery.attempt, statusCode, error, retryAt },
    hopeless === null ? 'A webhook was sent.' : 'A webhook was given up.',
  );
  return { wasSent: hopeless === null, retryAt };
}

/** `retryMs`: in how many milliseconds to try again; null: never. */
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

/** Also an end that turned out to be none: when the task ends again, that is told. */
function isStale({ event, isOvertaken }: ClaimedDelivery, task: Task): boolean {
  return isOvertaken || (event === 'ENDED' && task.state !== 'ended');
}

/** Why it is not even tried any more; null when it is. */
function hopelessnessOf(delivery: ClaimedDelivery): string | null {
  if (ageMsOf(delivery) > oldestMs) return 'It was not sent: it has waited for more than a day.';
  if (delivery.attempt > mostAttempts) return 'It was not sent: too many tries were cut off before they were over.';
  return null;
}

function retryMsOf(delivery: ClaimedDelivery, result: PostResult): number | null {
  if (!result.isWorthRetrying) return null;
  const { attempt } = delivery;
  return retryPauseMs({ attempt, ageMs: ageMsOf(delivery), retryAfterMs: result.retryAfterMs });
}

/** When the try began. */
function ageMsOf({ at, createdAt }: ClaimedDelivery): number {
  return at.getTime() - createdAt.getTime();
}
