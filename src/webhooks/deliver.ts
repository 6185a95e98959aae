import type { Clock } from '../clock.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import type { PublicRequests } from '../domain/outbound.ts';
import type { Task } from '../domain/task.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { findTasksById } from '../store/find-tasks.ts';
import { endDelivery, recordAttempt, type ClaimedDelivery } from '../store/webhook-deliveries.ts';
import type { HandedOutFile } from '../tasks/hand-out-files.ts';
import { messageOf, signedHeaders } from './message.ts';
import { post, type PostResult } from './post.ts';
import { retryPauseMs } from './retry-schedule.ts';
import { getSigningSecrets } from './signing-secrets.ts';

export type DeliverDependencies = {
  database: Database;
  requests: PublicRequests;
  /** Sign for owners who have chosen no secret of their own. */
  secrets: readonly string[];
  /** A task's results as its owner would be shown them now: never a dead URL. */
  findFiles(task: Task): Promise<readonly HandedOutFile[]>;
  metrics: Pick<MetricsSink, 'webhookTried'>;
  clock: Clock;
  logger: Logger;
};

/** Lines of a task's log: the newest are kept. */
const keptAttempts = 50;
/** Beyond those of the schedule, some that nothing is known of: the process died, or the database was away. */
const mostAttempts = 30;

/**
 * Tries once, with the task as it is now, and writes down what came of it. Answers when to try again; null when it is
 * over. What was overtaken isn't sent: a later delivery tells it.
 */
export async function deliver(
  dependencies: DeliverDependencies,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<Date | null> {
  const { database, requests, metrics, clock, logger } = dependencies;
  const [task] = await findTasksById(database, [delivery.taskId]);
  if (task === undefined || isStale(delivery, task)) {
    await endDelivery(database, delivery.id);
    return null;
  }
  const body = messageOf(delivery.event, delivery.createdAt, task, await dependencies.findFiles(task));
  const secrets = await getSigningSecrets(database, task.owner, dependencies.secrets);
  const headers = signedHeaders(delivery.id, clock.now(), body, secrets);
  const result = await post(requests, { url: delivery.url, headers, body }, clock.now, signal);
  const { statusCode, error } = result;
  const retryMs = retryMsOf(delivery, result);
  const outcome = { revision: task.revision, statusCode, error, retryMs };
  const retryAt = await recordAttempt(database, delivery, outcome, keptAttempts);
  metrics.webhookTried(error === null ? 'delivered' : retryMs === null ? 'given-up' : 'failed');
  // The URL may carry what only its owner is to know.
  logger.info(
    { taskId: task.id, deliveryId: delivery.id, attempt: delivery.attempt, statusCode, error, retryAt },
    'A webhook was sent.',
  );
  return retryAt;
}

/** Also an end that turned out to be none: when the task ends again, that is told. */
function isStale({ event, attempt, isOvertaken }: ClaimedDelivery, task: Task): boolean {
  return isOvertaken || attempt > mostAttempts || (event === 'ENDED' && task.state !== 'ended');
}

function retryMsOf({ attempt, at, createdAt }: ClaimedDelivery, result: PostResult): number | null {
  if (!result.isWorthRetrying) return null;
  const ageMs = at.getTime() - createdAt.getTime();
  return retryPauseMs({ attempt, ageMs, retryAfterMs: result.retryAfterMs });
}
