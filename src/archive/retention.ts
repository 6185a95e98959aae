import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { repeat } from '../kit/repeat.ts';
import type { ChangeAnnouncer } from '../store/change-announcer.ts';
import type { Database } from '../store/database.ts';
import { findArchivedToDelete, letGoOfArchived, recordDeleted } from '../store/archive-retention.ts';
import type { ArchiveStore } from './archive-store.ts';
import { longestUrlLifeMs } from './serving.ts';

const lookEveryMs = 10 * 60_000;
const batch = 100;

export type RetentionDependencies = {
  database: Database;
  announcer: Pick<ChangeAnnouncer, 'changed'>;
  store: Pick<ArchiveStore, 'remove' | 'sweep'>;
  /** null: for ever. Files that were let go while there was a limit are deleted all the same. */
  keepMs: number | null;
  clock: Clock;
  logger: Logger;
};

export type Retention = AsyncDisposable & { runOnce(): Promise<void> };

// An old file is let go first: no URL is handed out any more, and the task shows that it is gone. It is deleted when the last
// URL that was handed out has expired.
export function startRetention(dependencies: RetentionDependencies): Retention {
  const { clock, logger } = dependencies;
  const stopping = new AbortController();

  /** The next batch begins behind this task; null: with the oldest. */
  let after: string | null = null;

  // Passes over what can't be removed. When a whole batch can't, the store seems to be away: the next turn goes on behind it.
  async function deleteOld(): Promise<void> {
    let hasMore = true;
    while (hasMore && !stopping.signal.aborted) {
      const { last, tried, removed } = await deleteSome(dependencies, after);
      after = tried === batch ? last : null;
      hasMore = after !== null && removed > 0;
    }
  }

  async function runOnce(): Promise<void> {
    while (!stopping.signal.aborted && (await letGo(dependencies)) === batch);
    await deleteOld();
    await dependencies.store.sweep();
  }

  const failure = 'Old files could not be removed from the archive.';
  const running = repeat(runOnce, { everyMs: lookEveryMs, failure, clock, logger, signal: stopping.signal });
  return {
    runOnce,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

async function letGo(dependencies: RetentionDependencies): Promise<number> {
  const { database, announcer, keepMs, clock } = dependencies;
  if (keepMs === null) return 0;
  const letGoOf = await letGoOfArchived(database, { archivedBefore: new Date(clock.now() - keepMs), limit: batch });
  for (const task of letGoOf) announcer.changed(task);
  return letGoOf.length;
}

async function deleteSome(dependencies: RetentionDependencies, after: string | null) {
  const { database, clock, logger } = dependencies;
  const letGoBefore = new Date(clock.now() - longestUrlLifeMs);
  const tasks = await findArchivedToDelete(database, { letGoBefore, after, limit: batch });
  let removed = 0;
  for (const { id, keys } of tasks) {
    try {
      await deleteFiles(dependencies, id, keys);
      removed += 1;
    } catch (error) {
      logger.warn({ taskId: id, error: String(error) }, 'Old files could not be removed from the archive yet.');
    }
  }
  return { last: tasks.at(-1)?.id ?? null, tried: tasks.length, removed };
}

async function deleteFiles(
  { database, store, logger }: RetentionDependencies,
  taskId: string,
  keys: readonly string[],
): Promise<void> {
  for (const key of keys) await store.remove(key);
  await recordDeleted(database, taskId);
  logger.info({ taskId, files: keys.length }, 'Old files were removed from the archive.');
}
