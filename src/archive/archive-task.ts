import { ownerTag } from '../domain/task/task-hint.ts';
import type { ArchivedFile } from '../domain/task/archived-file.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import type { ResultFile } from '../domain/task/task.ts';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { findTaskToArchive, recordArchived, recordArchiveEnd, type TaskToArchive } from '../store/archiving.ts';
import type { ChangeAnnouncer } from '../store/change-announcer.ts';
import type { Database } from '../store/database.ts';
import type { Claimed } from '../store/work-leases.ts';
import type { ArchiveStore } from './archive-store.ts';
import { extensionOf } from './file-names.ts';

/** A fetched result, which can be read more than once until it is disposed of. */
export type FetchedFile = AsyncDisposable &
  Omit<ArchivedFile, 'key'> & {
    read(): AsyncIterable<Uint8Array>;
  };

export type ArchiveTaskDependencies = {
  database: Database;
  announcer: Pick<ChangeAnnouncer, 'changed'>;
  store: Pick<ArchiveStore, 'put'>;
  /** Throws an error with `retryable`. */
  fetch(file: Pick<ResultFile, 'type' | 'url'>, signal: AbortSignal): Promise<FetchedFile>;
  /** How long the upstream keeps results whose expiry is unknown. */
  resultLifeMs: number;
  metrics: Pick<MetricsSink, 'fileArchived'>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
};

/** Fetches those of a task's files that are not kept yet. Rejects when a file has to be tried again. */
export async function archiveTask(
  dependencies: ArchiveTaskDependencies,
  work: Claimed,
  signal: AbortSignal,
): Promise<void> {
  const task = await findTaskToArchive(dependencies.database, work.id);
  const outcomes = task === null ? [] : await tryFiles(dependencies, task, signal);
  const toTryAgain = outcomes.find((outcome) => outcome.kind === 'try-again');
  if (toTryAgain) throw toTryAgain.error;
  const isKept = outcomes.every((outcome) => outcome.kind === 'kept');
  await recordArchiveEnd(dependencies.database, work, isKept ? 'kept' : 'given-up');
}

type Outcome = { kind: 'kept' } | { kind: 'given-up' } | { kind: 'try-again'; error: unknown };
const kept: Outcome = { kind: 'kept' };

async function tryFiles(
  dependencies: ArchiveTaskDependencies,
  task: TaskToArchive,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [index, file] of task.files.entries()) {
    outcomes.push(file.archived ? kept : await tryFile(dependencies, task, { file, index }, signal));
  }
  return outcomes;
}

async function tryFile(
  dependencies: ArchiveTaskDependencies,
  task: TaskToArchive,
  { file, index }: { file: ResultFile; index: number },
  signal: AbortSignal,
): Promise<Outcome> {
  const { metrics, logger } = dependencies;
  const about = { taskId: task.id, index };
  try {
    const { byteSize } = await keepFile(dependencies, task, { file, index }, signal);
    metrics.fileArchived('kept');
    logger.info({ ...about, byteSize }, 'A result is in the archive.');
    return kept;
  } catch (error) {
    if (signal.aborted) throw error;
    if (isWorthTryingAgain(error) && !isOver(dependencies, task)) {
      metrics.fileArchived('failed');
      return { kind: 'try-again', error };
    }
    metrics.fileArchived('given-up');
    logger.error({ ...about, error: String(error) }, 'A result can not be archived: it will be gone when it expires.');
    return { kind: 'given-up' };
  }
}

async function keepFile(
  dependencies: ArchiveTaskDependencies,
  { id, owner }: TaskToArchive,
  { file, index }: { file: ResultFile; index: number },
  signal: AbortSignal,
): Promise<ArchivedFile> {
  const { database, store, fetch } = dependencies;
  await using fetched = await fetch(file, signal);
  const { contentType, byteSize, checksum, width, height, duration } = fetched;
  // The same key in each run, so that a run replaces what an earlier one has left behind.
  const key = `${ownerTag(owner)}/${id}/${index}.${extensionOf(contentType)}`;
  await store.put(key, abortable(fetched.read(), signal), { contentType });
  const archived = { key, contentType, byteSize, checksum, width, height, duration };
  const changed = await recordArchived(database, { id, index, url: file.url }, archived);
  if (changed) dependencies.announcer.changed(changed);
  return archived;
}

async function* abortable(content: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    signal.throwIfAborted();
    yield piece;
  }
}

/** Unless it is known to be in vain: the server's answer may change, and the store may come back. */
function isWorthTryingAgain(error: unknown): boolean {
  return !(error instanceof Error && 'retryable' in error && error.retryable === false);
}

/** The vendor may delete late, so a file is tried for a little longer than its URL surely works. */
function isOver({ clock, resultLifeMs }: ArchiveTaskDependencies, { filesExpiry, endedAt }: TaskToArchive): boolean {
  const expiresAt = filesExpiry.kind === 'at' ? filesExpiry.at.getTime() : (endedAt?.getTime() ?? 0) + resultLifeMs;
  return clock.now() > expiresAt + resultLifeMs / 12;
}
