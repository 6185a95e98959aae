import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import { encodeHints, hintChannels, ownerTag, type TaskHint } from '../domain/task-hint.ts';
import type { Logger } from '../logger.ts';
import type { Database } from './database.ts';
import type { Moved } from './move-task.ts';

/** Tells every replica, this one too, what has been committed. */
export type ChangeAnnouncer = {
  changed(task: Pick<Moved, 'id' | 'owner' | 'revision'>): void;
  held(account: string): void;
  /** Resolves when all that was announced so far has been told. */
  flush(): Promise<void>;
};

const coalesceMs = 10;

/**
 * Coalesces what is committed within a moment into few notifications. They are sent after the commits: a NOTIFY inside
 * each transaction would make the commits of all replicas wait for each other. One that fails is not repeated: the
 * feed's own look at what changed finds it.
 */
export function createChangeAnnouncer(database: Database, clock: Clock, logger: Logger): ChangeAnnouncer {
  let changed: TaskHint[] = [];
  const held = new Set<string>();
  let flushing: Promise<void> | null = null;

  async function send(): Promise<void> {
    await clock.sleep(coalesceMs);
    flushing = null;
    const payloads = [
      ...encodeHints(changed).map((payload) => ({ channel: hintChannels.changed, payload })),
      ...[...held].map((account) => ({ channel: hintChannels.held, payload: account })),
    ];
    changed = [];
    held.clear();
    const channels = payloads.map(({ channel }) => channel);
    const texts = payloads.map(({ payload }) => payload);
    await sql`select pg_notify(channel, payload)
      from unnest(${channels}::text[], ${texts}::text[]) as announcement (channel, payload)`.execute(database);
  }

  function schedule(): void {
    flushing ??= send().catch((error: unknown) => logger.warn({ error: String(error) }, 'A change was not announced.'));
  }

  return {
    changed(task) {
      changed.push({ id: task.id, ownerTag: ownerTag(task.owner), revision: task.revision });
      schedule();
    },
    held(account) {
      held.add(account);
      schedule();
    },
    async flush() {
      await flushing;
    },
  };
}
