import { sql } from 'kysely';
import type { Clock } from '../kit/clock.ts';
import { encodeHeldHint, encodeHints, hintChannels, ownerTag, type TaskHint } from '../domain/task/task-hint.ts';
import type { Logger } from '../kit/logger.ts';
import type { Database } from './database.ts';
import { createDoubtfulChanges } from './doubtful-changes.ts';
import { findRevisions } from './find-tasks.ts';
import type { Moved } from './move-task.ts';
import type { HeldTask } from './submitting.ts';

type Revision = Pick<Moved, 'id' | 'owner' | 'revision'>;

/** A revision that was committed, with hints for those parts of this process that have to do something about it. */
export type ChangedTask = Revision & {
  /** There may be something to tell its webhook. */
  hasWebhook?: boolean;
  /** Its files wait for the archive. */
  filesToKeep?: boolean;
};

/** Hints for parts of this process. One that is lost costs time only: what it was about is found in the database. */
export type ChangeListener = {
  /** There is a task to send: it is on its way within milliseconds if the budget allows. */
  held?(task: HeldTask): void;
  /** A task that waited to be sent was canceled. */
  canceled?(task: HeldTask): void;
  webhookDue?(taskId: string): void;
  filesToKeep?(): void;
};

/** Tells every replica, this one too, what has been committed. */
export type ChangeAnnouncer = {
  listen(listener: ChangeListener): void;
  changed(task: ChangedTask): void;
  /** It may have changed: an answer was lost, or another process changed it. It is read, and announced as it is. */
  perhapsChanged(taskId: string): void;
  /** There is a task to send. Processes that do not schedule its account take no notice. */
  held(task: HeldTask & { account: string }): void;
  /** For this process alone: another one finds out when it claims the task. */
  canceled(task: HeldTask): void;
  /** There is a task to poll of which the scheduler may not know. */
  followed(taskId: string): void;
  /** Resolves when all that was announced so far has been sent. */
  flush(): Promise<void>;
};

const coalesceMs = 10;

/**
 * Coalesces what is committed within a moment into few notifications. They are sent after the commits, by connections that no
 * move waits for: a NOTIFY inside
 * each transaction would make the commits of all replicas wait for each other. One that fails is not repeated: the
 * feed's catch-up finds it.
 */
export function createChangeAnnouncer(
  database: Database,
  process: string,
  { clock, logger }: { clock: Clock; logger: Logger },
): ChangeAnnouncer {
  const listeners: ChangeListener[] = [];
  let changed: TaskHint[] = [];
  const held = new Set<string>();
  const followed = new Set<string>();
  const doubts = createDoubtfulChanges((ids) => findRevisions(database, ids), { tell: changedAll, clock, logger });
  let scheduled = false;
  let sent: Promise<void> = Promise.resolve();

  /** One at a time: what is announced while the one before is under way goes with the next, and takes no more connections. */
  async function send(before: Promise<void>): Promise<void> {
    await clock.sleep(coalesceMs);
    await before;
    scheduled = false;
    const payloads = [
      ...encodeHints(changed).map((payload) => ({ channel: hintChannels.changed, payload })),
      ...[...held].map((account) => ({
        channel: hintChannels.held,
        payload: encodeHeldHint({ process, account }),
      })),
      ...[...followed].map((payload) => ({ channel: hintChannels.followed, payload })),
    ];
    changed = [];
    held.clear();
    followed.clear();
    const channels = payloads.map(({ channel }) => channel);
    const texts = payloads.map(({ payload }) => payload);
    // It does not wait for the disk: after a crash, the catch-up finds what a lost notification would have told.
    await sql`select set_config('synchronous_commit', 'off', true), pg_notify(channel, payload)
      from unnest(${channels}::text[], ${texts}::text[]) as announcement (channel, payload)`.execute(database);
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    const sending = send(sent).catch((error: unknown) =>
      logger.warn({ error: String(error) }, 'A change was not announced.'),
    );
    sent = sending;
  }

  function changedAll(tasks: readonly Revision[]): void {
    changed.push(...tasks.map(({ id, owner, revision }) => ({ id, ownerTag: ownerTag(owner), revision })));
    schedule();
  }

  return {
    listen: (listener) => void listeners.push(listener),
    changed({ hasWebhook, filesToKeep, ...task }) {
      changedAll([task]);
      for (const listener of listeners) {
        if (hasWebhook) listener.webhookDue?.(task.id);
        if (filesToKeep) listener.filesToKeep?.();
      }
    },
    perhapsChanged: doubts.add,
    held(task) {
      held.add(task.account);
      schedule();
      for (const listener of listeners) listener.held?.(task);
    },
    canceled(task) {
      for (const listener of listeners) listener.canceled?.(task);
    },
    followed(taskId) {
      followed.add(taskId);
      schedule();
    },
    async flush() {
      await doubts.flush();
      await sent;
    },
  };
}
