import { sql } from 'kysely';
import { v7 as createId } from 'uuid';
import { systemClock, type Clock } from '../../src/kit/clock.ts';
import { failures } from '../../src/domain/task/failures.ts';
import { failWith, type Move } from '../../src/domain/task/moves.ts';
import type { PublicRequests } from '../../src/domain/outbound.ts';
import type { Task } from '../../src/domain/task/task.ts';
import { webhookOf, type WebhookAttempt, type WebhookEvent } from '../../src/domain/task/webhook.ts';
import { makeWebhookSecret } from '../../src/domain/task/webhook-secret.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createPublicRequests } from '../../src/outbound/public-requests.ts';
import type { Database } from '../../src/store/database.ts';
import { moveTask } from '../../src/store/move-task.ts';
import { findWebhookAttempts } from '../../src/store/webhook-attempts.ts';
import { keepWorkLeases } from '../../src/store/work-leases.ts';
import type { WebhookFile } from '../../src/tasks/webhook-files.ts';
import { createWebhooks, type Webhooks } from '../../src/webhooks/webhooks.ts';
import { holdTask, openStore, owner, type TestStore } from '../store/open-store.ts';
import { until } from '../support/until.ts';

export type TestWebhooks = AsyncDisposable &
  TestStore & {
    webhooks: Webhooks;
    /** What became of the tries, as the metrics count them. */
    outcomes: string[];
    /** The configured one. */
    secret: string;
    /** Records a task that has a webhook. */
    hold(url: string, events?: WebhookEvent[], of?: string): Promise<string>;
    /** Records a move, and dies before it gives the hint. */
    record(id: string, move: Move): Promise<void>;
    /** Records a move, and gives the hint. */
    move(id: string, move: Move): Promise<void>;
    /** Records as many tasks that are all to be told of, and gives the hints. */
    pileUp(url: string, count: number, of?: string): Promise<void>;
    log(id: string, of?: string): Promise<WebhookAttempt[]>;
    /** Waits until so much was tried for a task, and answers its log. */
    untilTried(id: string, count: number): Promise<WebhookAttempt[]>;
    /** Waits until nothing is left to tell. */
    untilOver(id: string): Promise<void>;
    /** Whatever waits to be tried again is due now. */
    letTimePass(): Promise<void>;
  };

type Options = {
  exemptOrigins?: readonly string[];
  requests?: PublicRequests;
  /** Of requests and of places in line. */
  clock?: Clock;
  secrets?: readonly string[];
  findFiles?(task: Task): Promise<readonly WebhookFile[]>;
  /** On the one database. */
  replicas?: number;
};

/** Webhooks on a database of their own, with real leases and real requests. Only the test moves the tasks. */
export async function openWebhooks(options: Options = {}): Promise<TestWebhooks> {
  const { exemptOrigins = [], clock = systemClock } = options;
  const secret = makeWebhookSecret();
  await using opening = new AsyncDisposableStack();
  const store = opening.use(await openStore());
  const { database } = store;
  const logger = silentLogger;
  const outcomes: string[] = [];
  const start = (): Webhooks => {
    const leases = opening.use(keepWorkLeases(database, { clock: systemClock, logger }));
    const webhooks = opening.use(
      createWebhooks({
        database,
        requests: options.requests ?? createPublicRequests({ exemptOrigins, clock }),
        secrets: options.secrets ?? [secret],
        findFiles: options.findFiles ?? (async () => []),
        leases,
        metrics: { webhookTried: (outcome) => void outcomes.push(outcome) },
        clock: { ...systemClock, monotonic: clock.monotonic, sleep: sleepByEither(systemClock, clock) },
        logger,
      }),
    );
    webhooks.start();
    return webhooks;
  };
  const webhooks = start();
  const others = Array.from({ length: (options.replicas ?? 1) - 1 }, start);
  const log = (id: string, of = owner): Promise<WebhookAttempt[]> => findWebhookAttempts(database, of, [id]);
  const open = opening.move();
  return {
    ...store,
    webhooks,
    outcomes,
    secret,
    hold: (url, events = ['ENDED'], of = owner) => holdTask(database, { webhook: webhookOf(url, events), owner: of }),
    async record(id, move) {
      await moveTask(database, id, anyway(move));
    },
    async move(id, move) {
      await moveTask(database, id, anyway(move));
      webhooks.due(id);
    },
    async pileUp(url, count, of = owner) {
      const first = await holdTask(database, { webhook: webhookOf(url, ['ENDED']), owner: of });
      await moveTask(database, first, anyway(moves.canceled));
      for (const id of await endAlike(database, first, count)) webhooks.due(id);
    },
    log,
    async untilTried(id, count) {
      await until(async () => (await log(id)).length >= count);
      return await log(id);
    },
    untilOver: (id) => until(async () => (await countOpen(database, id)) === 0),
    async letTimePass() {
      await letWebhooksFallDue(database);
      await Promise.all([webhooks, ...others].map((replica) => replica.runOnce()));
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Time that passes by itself, or is moved. */
function sleepByEither(...clocks: readonly Clock[]): Clock['sleep'] {
  return async (ms, signal) => {
    const over = new AbortController();
    const ends = AbortSignal.any(signal ? [signal, over.signal] : [over.signal]);
    await Promise.race(clocks.map((clock) => clock.sleep(ms, ends))).finally(() => over.abort());
  };
}

/** What hours do: whatever is to be tried again has been due for a while. */
export async function letWebhooksFallDue(database: Database): Promise<void> {
  await sql`update webhook_delivery
    set due_at = date_trunc('milliseconds', clock_timestamp()) - interval '10 s'
    where due_at is not null`.execute(database);
}

/** As many copies of a canceled task, which had timed out and are then found to be canceled. Answers their ids. */
async function endAlike(database: Database, canceled: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => createId());
  await sql`
    insert into task (id, owner, account, kind, mode, state, status, revision, request, prompt, failure_code, failure,
      created_at, ended_at, webhook_url, webhook_host, webhook_events)
    select copy_id, owner, account, kind, mode, state, status, revision, request, prompt, 'TIMED_OUT', failure,
      created_at, ended_at, webhook_url, webhook_host, webhook_events
    from task, unnest(${ids}::uuid[]) as copy_id where task.id = ${canceled}`.execute(database);
  await sql`insert into task_progress (task_id) select unnest(${ids}::uuid[])`.execute(database);
  await sql`update task set failure_code = 'CANCELED', revision = revision + 1 where id = any(${ids}::uuid[])`.execute(
    database,
  );
  return ids;
}

async function countOpen(database: Database, taskId: string): Promise<number> {
  const rows = database.selectFrom('webhook_delivery').select('id').where('task_id', '=', taskId);
  return (await rows.where('due_at', 'is not', null).execute()).length;
}

const anyway = (move: Move) => ({
  guard: {
    states: ['held', 'submitting', 'submitted', 'ended'],
    failureCodes: ['TIMED_OUT', 'SUBMISSION_UNCONFIRMED'],
  } as const,
  move,
});

const nothingSaid = { failure: null, message: null, requestId: null };

export const moves = {
  submitted: (upstreamTaskId: string): Move => ({ state: 'submitted', status: 'WAIT', upstreamTaskId, ...nothingSaid }),
  running: { state: 'submitted', status: 'RUN', ...nothingSaid } satisfies Move,
  done: {
    state: 'ended',
    status: 'DONE',
    files: [{ type: 'IMAGE', url: 'https://vendor.example/result.png', duration: null }],
    filesExpiry: { kind: 'never' },
    ...nothingSaid,
  } satisfies Move,
  canceled: failWith(failures.canceled()),
  timedOut: failWith(failures.timedOut(6, null)),
};
