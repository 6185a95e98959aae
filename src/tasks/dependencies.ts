import type { Clock } from '../kit/clock.ts';
import type { TaskFeed } from '../domain/task/feed.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import type { ModelCatalogue } from '../domain/models/model-catalogue.ts';
import type { Quotas } from '../domain/task/quota.ts';
import type { Caller, TaskKind } from '../domain/task/task.ts';
import type { DescribeAnswer } from '../domain/upstream.ts';
import type { WebhookPort } from '../domain/task/webhook.ts';
import type { Logger } from '../kit/logger.ts';
import type { ChangeAnnouncer } from '../store/change-announcer.ts';
import type { Database } from '../store/database.ts';
import type { Estimates } from './estimates.ts';
import type { LendFile } from './file-references.ts';
import type { CreateTaskId } from './task-ids.ts';

/** What the use cases need of the rest. */
export type TaskDependencies = {
  database: Database;
  feed: TaskFeed;
  announcer: ChangeAnnouncer;
  metrics: MetricsSink;
  clock: Clock;
  createTaskId: CreateTaskId;
  logger: Logger;
  /** The upstream account that new tasks belong to. */
  account: string;
  catalogue: ModelCatalogue;
  /** Origins whose URLs are references although their address is private: the sandbox's. */
  exemptOrigins: readonly string[];
  /** How long a create waits for the upstream's word before it answers. */
  createWaitMs: number;
  resultLifeMs: number;
  scheduling: SchedulerPort;
  quotas: Quotas;
  /** Told that files are to be kept, after that was recorded. Only where there is an archive. */
  keepFiles?: (() => void) | undefined;
  /** Only where there is an archive. */
  lendFile?: LendFile | undefined;
  webhooks: WebhookPort;
  estimates: Pick<Estimates, 'estimate' | 'medianSeconds'>;
};

/** What the use cases ask of the scheduler, wherever it runs. */
export type SchedulerPort = {
  /** There is a task to send: it is on its way within milliseconds if the budget allows. */
  taskHeld(task: Caller & { id: string; kind: TaskKind }): void;
  /** A held task was canceled. Only a hint: what is claimed later finds it out. */
  taskCanceled(task: Caller & { id: string; kind: TaskKind }): void;
  /**
   * Asks once for a caller, within the request budget. Throws an UpstreamCallError, a TooManyAtOnceError where too many
   * of this owner's questions wait, and a TemporarilyUnavailableError where its turn does not come in time.
   */
  describe(kind: TaskKind, upstreamTaskId: string, caller: Caller): Promise<DescribeAnswer>;
};
