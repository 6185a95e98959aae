import type { TaskFailureCode, TaskKind, TaskStatus } from './task/task.ts';
import type { UpstreamAction } from './upstream.ts';

/** What the rooms report as it happens. The composition root hands over the one implementation. */
export type MetricsSink = {
  /** `outcome` is `ok`, a call's phase, or the vendor's code up to its first dot. */
  upstreamCall(call: { action: UpstreamAction; outcome: string; seconds: number }): void;
  /** A task was seen to have ended, at most `seconds` after it really had: the time since the last look that found it running. */
  endDetected(kind: TaskKind, seconds: number): void;
  /** Which task to ask after next was decided; `seconds` of the process's time went into it. */
  decided(kind: TaskKind, seconds: number): void;
  taskEnded(kind: TaskKind, status: TaskStatus, failureCode: TaskFailureCode | null): void;
  /** A result was fetched into the archive, is to be tried again, or was given up. */
  fileArchived(outcome: 'kept' | 'failed' | 'given-up'): void;
  /** A webhook's receiver took it, is to be tried again, or was given up. */
  webhookTried(outcome: 'delivered' | 'failed' | 'given-up'): void;
};

/** What is read when somebody asks for the metrics. */
export type MetricsSources = {
  /** Requests that could be sent this instant, for each of the six budgets. Empty where this process doesn't schedule. */
  bucketLevels(): { action: UpstreamAction; tokens: number }[];
  /**
   * For each kind with tasks that the upstream has not ended, the longest time since it last answered for one, in
   * seconds. Empty where this process doesn't schedule.
   */
  longestUnheard(): { kind: TaskKind; seconds: number }[];
  /** Running tasks that the upstream says it doesn't know, by kind. Empty where this process doesn't schedule. */
  unknownTasks(): { kind: TaskKind; count: number }[];
  isScheduling(): boolean;
  /** For how long no process has scheduled; null while that can't be read. */
  unscheduledSeconds(): number | null;
  /** Tasks that have not ended. */
  countTasksInFlight(): Promise<{ kind: TaskKind; status: TaskStatus; count: number }[]>;
  /** By how much this machine's clock is ahead of the database's; below 0: behind. */
  clockAheadSeconds(): number;
  subscribers(): number;
  /** Result files that the archive has still to fetch, by the time that is left. Only where there is an archive. */
  countFilesToArchive?(): Promise<{ left: string; count: number }[]>;
  /** Webhooks that have still to be delivered, those that wait to be tried again included. */
  countWebhooksToDeliver(): Promise<number>;
};
