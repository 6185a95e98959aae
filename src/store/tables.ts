import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { CompletionClock } from '../domain/learning/completion-model.ts';
import type { TaskRequest } from '../domain/request/request.ts';
import type {
  ArchiveState,
  FilesExpiry,
  GenerationMode,
  ResultFile,
  TaskFailure,
  TaskFailureCode,
  TaskKind,
  TaskState,
  TaskStatus,
} from '../domain/task/task.ts';
import type { WebhookEvent } from '../domain/task/webhook.ts';

export type TaskTable = {
  id: string;
  owner: string;
  /** With whom it shares what is scarce. null: with its owner's tasks alone. */
  share_group: string | null;
  account: string;
  kind: TaskKind;
  mode: GenerationMode;
  state: TaskState;
  status: TaskStatus;
  revision: Generated<number>;
  request: ColumnType<TaskRequest | null, string | null, never>;
  prompt: string | null;
  model_name: string | null;
  model_version: string | null;
  operator: string | null;
  warnings: Generated<string[]>;
  retry_of: string | null;
  idempotency_key: string | null;
  request_hash: string | null;
  attempt: Generated<number>;
  attempt_epoch: string | null;
  submitting_since: Date | null;
  cancel_requested: Generated<boolean>;
  upstream_task_id: string | null;
  files: ColumnType<ResultFile[], string | undefined, string>;
  files_expiry: Generated<FilesExpiry['kind']>;
  files_expire_at: Date | null;
  archive_state: ArchiveState | null;
  archived_at: Date | null;
  resolution: string | null;
  failure_code: TaskFailureCode | null;
  failure: ColumnType<Omit<TaskFailure, 'code'> | null, string | null, string | null>;
  /** A digest of what a list is filtered by: kind, mode, status, failure code and model's name. */
  filter_key: GeneratedAlways<string>;
  created_at: Date;
  updated_at: Generated<Date>;
  submitted_at: Date | null;
  started_at: Date | null;
  ended_at: Date | null;
  webhook_url: string | null;
  /** Of that URL, as `URL.host` spells it. */
  webhook_host: string | null;
  webhook_events: WebhookEvent[] | null;
};

export type Tables = {
  task: TaskTable;
  task_progress: {
    task_id: string;
    last_polled_at: Date | null;
    poll_count: Generated<number>;
    last_unfinished_at: Date | null;
    last_wait_at: Date | null;
    run_started_at: Date | null;
    missing_count: Generated<number>;
    missing_since: Date | null;
    empty_done_since: Date | null;
  };
  task_words: { task_id: string; owner: string; words: string[] };
  task_event: {
    task_id: string;
    revision: number;
    status: TaskStatus;
    at: Date;
    message: string | null;
    request_id: string | null;
  };
  /** The table's trigger writes it. */
  task_change: { task_id: string; revision: number; owner: string; xid: string; at: Generated<Date> };
  database_identity: { is_only: Generated<boolean>; id: Generated<string>; fingerprint: string; forgotten: string };
  task_watch: { task_id: string; until: Date };
  api_key: {
    id: string;
    owner: string;
    name: string;
    secret_hash: Uint8Array;
    created_at: Generated<Date>;
    revoked_at: Date | null;
  };
  webhook_delivery: {
    id: Generated<string>;
    task_id: string;
    /** The task's, and whom it tells: together the lane. */
    owner: string;
    host: string;
    receiver: string;
    event: WebhookEvent;
    revision: number;
    created_at: Generated<Date>;
    /** Of tries that were begun. */
    attempt: Generated<number>;
    /** When the next try may begin, or, while one is under way, when it must be over. null when there is none. */
    due_at: Generated<Date | null>;
  };
  webhook_attempt: {
    delivery_id: string;
    attempt: number;
    task_id: string;
    revision: number;
    at: Date;
    status_code: number | null;
    error: string | null;
    next_attempt_at: Date | null;
  };
  webhook_secret: {
    owner: string;
    secret: string;
    /** Somebody wanted the owner to have one of its own. false: it was made because there was none. */
    is_chosen: boolean;
    created_at: Generated<Date>;
    signs_until: Date | null;
  };
  account_lease: {
    account: string;
    holder: string;
    epoch: string;
    expires_at: Date;
    /** The holder's own is too far from the database's. */
    clock_is_off: Generated<boolean>;
    /** When another process, whose clock is right, last asked for it. */
    wanted_at: Date | null;
  };
  shared_secret: { name: string; secret: Uint8Array; created_at: Generated<Date> };
  job_worker: { id: string; seen_at: Date };
  held_order: { account: string; kind: TaskKind; task_ids: string[]; held: number; per_second: number };
  model_duration: {
    account: string;
    kind: TaskKind;
    model: string;
    version: string;
    clock: CompletionClock;
    memory: number;
    score: number;
    events: number[];
    exposure: number[];
    updated_at: Generated<Date>;
  };
};
