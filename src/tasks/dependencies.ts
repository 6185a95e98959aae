import type { Clock } from '../kit/clock.ts';
import type { TaskFeed } from '../domain/task/feed.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import type { ModelCatalogue } from '../domain/models/model-catalogue.ts';
import type { Quotas } from '../domain/task/quota.ts';
import type { Caller, TaskKind } from '../domain/task/task.ts';
import type { DescribeAnswer } from '../domain/upstream.ts';
import type { LendFile } from '../domain/task/served-file.ts';
import type { Logger } from '../kit/logger.ts';
import type { ChangeAnnouncer } from '../store/change-announcer.ts';
import type { Database } from '../store/database.ts';
import type { Estimates } from './estimates.ts';
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
  /** How long a create waits for the upstream's answer before it answers. */
  createWaitMs: number;
  resultLifeMs: number;
  /**
   * Polls once for a caller, within the request budget. Throws an UpstreamCallError, a TooManyAtOnceError where
   * too many of this owner's polls wait, and a TemporarilyUnavailableError where its turn does not come in time.
   */
  describe(kind: TaskKind, upstreamTaskId: string, caller: Caller): Promise<DescribeAnswer>;
  quotas: Quotas;
  /** Whether results are kept here. */
  isArchiving: boolean;
  /** Only where there is an archive. */
  lendFile?: LendFile | undefined;
  /** As `URL.origin` spells them: receivers there may lie at private addresses, and do without TLS. */
  webhookExemptOrigins: readonly string[];
  estimates: Pick<Estimates, 'estimate' | 'medianSeconds'>;
};
