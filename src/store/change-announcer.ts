import { sql } from 'kysely';
import type { Clock } from '../kit/clock.ts';
import { encodeHeldHint, encodeHints, hintChannels, ownerTag, type TaskHint } from '../domain/task/task-hint.ts';
import type { FilesExpiry } from '../domain/task/task.ts';
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
  /** Its files are to be kept, and can be fetched until then. */
  filesToKeep?: FilesExpiry;
};

/** Parts of this process are told at once. It is a hint only: what is lost on the way is found in the database, a little later. */
export type ChangeListener = {
  /** There is a task to send: it is on its way within milliseconds if the budget allows. */
  held?(task: HeldTask): void;
  /** A task that waited to be sent was canceled. */
  canceled?(task: HeldTask): void;
  webhookDue?(taskId: string): void;
  filesToKeep?(task: { id: string; filesExpiry: FilesExpiry }): void;
};

/** Tells every replica, this one too, what has been committed. */
export type ChangeAnnouncer = {
  listen(listener: ChangeListener): void;
  changed(task: ChangedTask): void;
  /** It may have been changed: an answer was lost, or somebody else changed it and may not have told. Tells of it as it is. */
  perhapsChanged(taskId: string): void;
  /** There is a task to send. Processes that do not schedule its account take no notice. */
  held(task: HeldTask & { account: string }): void;
  /** Told to this process alone: where a canceled task is claimed, it is found to be canceled. */
  canceled(task: HeldTask): void;
  /** There is something to ask after, that the scheduler may not know of. */
  followed(taskId: string): void;
  /** Resolves when all that was announced so far has been told. */
  flush(): Promise<void>;
};

const coalesceMs = 10;

/**
 * Coalesces what is committed within a moment into few notifications. They are sent after the commits: a NOTIFY inside
 * each transaction would make the commits of all replicas wait for each other. One that fails is not repeated: the
 * feed's own look at what changed finds it.
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
  let told: Promise<void> = Promise.resolve();

  async function send(): Promise<void> {
    await clock.sleep(coalesceMs);
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
    await sql`select pg_notify(channel, payload)
      from unnest(${channels}::text[], ${texts}::text[]) as announcement (channel, payload)`.execute(database);
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    const sending = send().catch((error: unknown) =>
      logger.warn({ error: String(error) }, 'A change was not announced.'),
    );
    told = Promise.all([told, sending]).then(() => {});
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
        if (filesToKeep) listener.filesToKeep?.({ id: task.id, filesExpiry: filesToKeep });
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
      await told;
    },
  };
}
