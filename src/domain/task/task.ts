import type { ArchivedFile } from './archived-file.ts';
import type { TaskRequest, RequestOf } from '../request/request.ts';
import type { Webhook } from './webhook.ts';

export const taskKinds = ['IMAGE', 'VIDEO', 'AUDIO'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** The vendor's own words. A task that was not sent yet is WAIT. */
export const taskStatuses = ['WAIT', 'RUN', 'DONE', 'FAIL'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** Inside the gateway: recorded, being sent, known to the upstream, over. */
export const taskStates = ['held', 'submitting', 'submitted', 'ended'] as const;
export type TaskState = (typeof taskStates)[number];

export const generationModes = [
  'TEXT_TO_IMAGE',
  'IMAGE_TO_IMAGE',
  'TEXT_TO_VIDEO',
  'IMAGE_TO_VIDEO',
  'VIDEO_TO_VIDEO',
  'TEXT_TO_AUDIO',
  'AUDIO_TO_AUDIO',
  'VIDEO_TO_AUDIO',
  'UNKNOWN',
] as const;
export type GenerationMode = (typeof generationModes)[number];

export const taskFailureCodes = [
  'GENERATION_FAILED',
  'GATEWAY_ERROR',
  'REJECTED',
  'SUBMISSION_UNCONFIRMED',
  'CANCELED',
  'TIMED_OUT',
  'NOT_FOUND',
] as const;
export type TaskFailureCode = (typeof taskFailureCodes)[number];

/** Ends that later evidence of the upstream may correct. */
export const correctableCodes = ['SUBMISSION_UNCONFIRMED', 'TIMED_OUT', 'NOT_FOUND', 'GATEWAY_ERROR'] as const;

export function isCorrectable({ failure }: Pick<Task, 'failure'>): boolean {
  return correctableCodes.some((code) => code === failure?.code);
}

export type ModelRef = { name: string; version: string | null };

export type TaskFailure = {
  code: TaskFailureCode;
  message: string;
  upstreamCode: string | null;
  requestId: string | null;
  retryable: boolean;
};

export type ResultFileType = 'IMAGE' | 'VIDEO' | 'AUDIO';

/** `duration` in seconds. */
export type ResultFile = {
  type: ResultFileType;
  url: string;
  duration: number | null;
  archived?: ArchivedFile;
};

/** `given-up`: some files are missing. `removed`: after their time. */
export type ArchiveState = 'pending' | 'kept' | 'given-up' | 'removed';

/**
 * Until when a task's URLs surely work. `never`: in the customer's own COS bucket. `unknown`: of a task that was adopted after
 * its end; such a URL is tried before it is handed out.
 */
export type FilesExpiry = { kind: 'at'; at: Date } | { kind: 'never' } | { kind: 'unknown' };

export type Task<K extends TaskKind = TaskKind> = {
  /** UUIDv7, so it sorts by creation. */
  id: string;
  owner: string;
  account: string;
  kind: K;
  mode: GenerationMode;
  state: TaskState;
  status: TaskStatus;
  revision: number;
  /** null for an adopted task. */
  request: (K extends TaskKind ? RequestOf<K> : never) | null;
  warnings: string[];
  retryOf: string | null;
  upstreamTaskId: string | null;
  files: ResultFile[];
  filesExpiry: FilesExpiry;
  resolution: string | null;
  failure: TaskFailure | null;
  createdAt: Date;
  updatedAt: Date;
  submittedAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  lastPolledAt: Date | null;
  pollCount: number;
};

export type NewTask = Pick<Task, 'id' | 'owner' | 'account' | 'kind' | 'mode' | 'warnings' | 'retryOf'> & {
  request: TaskRequest;
  shareGroup?: string | undefined;
  webhook?: Webhook | null;
  idempotencyKey: string | null;
  /** Hex SHA-256 of the operation and the canonical request: defines "the same request". */
  requestHash: string;
};

export type TaskEvent = {
  taskId: string;
  owner: string;
  revision: number;
  status: TaskStatus;
  at: Date;
  message: string | null;
  requestId: string | null;
};

/** Every read and write is by owner. Without a `shareGroup`, it shares with no other owner. */
export type Caller = { owner: string; shareGroup?: string | undefined };
