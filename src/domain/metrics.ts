import type { TaskFailureCode, TaskKind, TaskStatus } from './task/task.ts';
import type { UpstreamAction } from './upstream.ts';

export type MetricsSink = {
  /** `outcome` is `ok`, a call's phase, or the vendor's code up to its first dot. */
  upstreamCall(call: { action: UpstreamAction; outcome: string; seconds: number }): void;
  /** A poll found a task ended; it had really ended at most `seconds` before: since the last poll that found it running. */
  endDetected(kind: TaskKind, seconds: number): void;
  decided(kind: TaskKind, seconds: number): void;
  taskEnded(kind: TaskKind, status: TaskStatus, failureCode: TaskFailureCode | null): void;
  fileArchived(outcome: 'kept' | 'failed' | 'given-up'): void;
  webhookTried(outcome: 'delivered' | 'failed' | 'given-up'): void;
};

/** What is read when the metrics are requested. What is about scheduling is empty where this process doesn't schedule. */
export type MetricsSources = {
  bucketLevels(): { action: UpstreamAction; tokens: number }[];
  /** For each kind with unfinished tasks, the longest time since the upstream last answered for one of them. */
  longestUnheard(): { kind: TaskKind; seconds: number }[];
  unknownTasks(): { kind: TaskKind; count: number }[];
  isScheduling(): boolean;
  unscheduledSeconds(): number | null;
  countTasksInFlight(): Promise<{ kind: TaskKind; status: TaskStatus; count: number }[]>;
  /** By how much this machine's clock is ahead of the database's; negative if behind. */
  clockAheadSeconds(): number;
  subscribers(): number;
  /** Result files that the archive has still to fetch, by the time that is left. Absent without an archive. */
  countFilesToArchive?(): Promise<{ left: string; count: number }[]>;
  /** Includes those that wait for another attempt. */
  countWebhooksToDeliver(): Promise<number>;
};
