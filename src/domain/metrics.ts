import type { TaskFailureCode, TaskKind, TaskStatus } from './task/task.ts';
import type { UpstreamAction } from './upstream.ts';

export type MetricsSink = {
  /** `outcome`: `ok`, a call's phase, or the vendor's code up to its first dot. */
  upstreamCall(call: { action: UpstreamAction; outcome: string; seconds: number }): void;
  /** A poll found that a task had ended, at most `seconds` before: since the last poll that found it running. */
  endDetected(kind: TaskKind, seconds: number): void;
  decided(kind: TaskKind, seconds: number): void;
  taskEnded(kind: TaskKind, status: TaskStatus, failureCode: TaskFailureCode | null): void;
  fileArchived(outcome: 'kept' | 'failed' | 'given-up'): void;
  webhookTried(outcome: 'delivered' | 'failed' | 'given-up'): void;
};

/** Read when the metrics are requested. What is about scheduling is empty where this process doesn't schedule. */
export type MetricsSources = {
  bucketLevels(): { action: UpstreamAction; tokens: number }[];
  /** For each kind with unfinished tasks, the longest time since the upstream last answered for one of them. */
  longestUnanswered(): { kind: TaskKind; seconds: number }[];
  unknownTasks(): { kind: TaskKind; count: number }[];
  isScheduling(): boolean;
  unscheduledSeconds(): number | null;
  countTasksInFlight(): Promise<{ kind: TaskKind; status: TaskStatus; count: number }[]>;
  /** This machine's clock compared with the database's; negative if behind. */
  clockAheadSeconds(): number;
  subscribers(): number;
  /** By the time that is left to fetch them. Absent without an archive. */
  countFilesToArchive?(): Promise<{ left: string; count: number }[]>;
  /** Includes those that wait for another attempt. */
  countWebhooksToDeliver(): Promise<number>;
};
