import { archiveTask, type ArchiveTaskDependencies } from '../../src/archive/archive-task.ts';
import type { ArchiveStore } from '../../src/archive/archive-store.ts';
import { createResultFetcher } from '../../src/archive/fetch-result.ts';
import { createDimensionsReader } from '../../src/archive/read-dimensions.ts';
import { openSpool } from '../../src/archive/spool.ts';
import { systemClock, type Clock } from '../../src/kit/clock.ts';
import { documentedResultLifeMs } from '../../src/domain/task/following.ts';
import type { FilesExpiry, ResultFile, Task } from '../../src/domain/task/task.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createPublicRequests } from '../../src/outbound/public-requests.ts';
import { createChangeAnnouncer } from '../../src/store/change-announcer.ts';
import type { Changed } from '../../src/store/archiving.ts';
import type { Database } from '../../src/store/database.ts';
import { moveTask } from '../../src/store/move-task.ts';
import { getTask, holdTask, openStore, type TestStore } from '../store/open-store.ts';
import { submitTask } from '../store/task-states.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { openFolder } from './open-stores.ts';
import { startResultHost, type ResultHost } from './result-host.ts';

export type TestArchiving = AsyncDisposable & {
  host: ResultHost;
  store: TestStore;
  archive: ArchiveStore;
  /** What lies in the archive; null where there is nothing. */
  read(key: string): Promise<Buffer | null>;
  /** What was announced. */
  changes: Changed[];
  /** The tasks whose webhooks were said to be due. */
  due: string[];
  /** What became of each file that was tried. */
  outcomes: string[];
  dependencies: ArchiveTaskDependencies & { clock: Clock };
  /** Makes one try of a task, as the one that was claimed last. */
  run(id: string, signal?: AbortSignal): Promise<void>;
  /** A task that is DONE with files at these URLs. */
  doneTask(urls: readonly string[], filesExpiry?: FilesExpiry): Promise<string>;
  getTask(id: string): Promise<Task>;
  stateOf(id: string): Promise<string | null>;
};

const inTwelveHours = (): FilesExpiry => ({ kind: 'at', at: new Date(Date.now() + documentedResultLifeMs) });

/** The archive's core over a real database, a folder, and a host of results. */
export async function openArchiving(changes: { clock?: Clock; maxBytes?: number } = {}): Promise<TestArchiving> {
  const { clock = systemClock, maxBytes = 1_000_000 } = changes;
  await using opening = new AsyncDisposableStack();
  const host = opening.use(await startResultHost());
  const store = opening.use(await openStore());
  const folder = opening.use(await openFolder());
  const directory = opening.use(await createTemporaryDirectory());
  const announcer = createChangeAnnouncer(store.database, 'a process', { clock: systemClock, logger: silentLogger });
  opening.defer(() => announcer.flush());
  const announced: Changed[] = [];
  const due: string[] = [];
  announcer.listen({ webhookDue: (taskId) => due.push(taskId) });
  const outcomes: string[] = [];
  const dependencies = {
    database: store.database,
    announcer: {
      changed(task: Changed) {
        announced.push(task);
        announcer.changed(task);
      },
    },
    store: folder.store,
    fetch: createResultFetcher({
      requests: createPublicRequests({ exemptOrigins: [host.origin], clock: systemClock }),
      spool: await openSpool(directory.path),
      maxBytes,
      reader: opening.use(createDimensionsReader(systemClock)),
    }),
    resultLifeMs: documentedResultLifeMs,
    metrics: { fileArchived: (outcome: string) => void outcomes.push(outcome) },
    clock,
    logger: silentLogger,
  };
  let submitted = 0;
  const open = opening.move();
  return {
    host,
    store,
    archive: folder.store,
    read: folder.read,
    changes: announced,
    due,
    outcomes,
    dependencies,
    async run(id, signal = new AbortController().signal) {
      const tries = store.database.selectFrom('archive_work').select('attempt').where('task_id', '=', id);
      const { attempt = 0 } = (await tries.executeTakeFirst()) ?? {};
      await archiveTask(dependencies, { id, attempt }, signal);
    },
    async doneTask(urls, filesExpiry = inTwelveHours()) {
      const { database } = store;
      const id = await holdTask(database);
      await submitTask(database, id, `upstream-${(submitted += 1)}`);
      const files = urls.map((url): ResultFile => ({ type: 'IMAGE', url, duration: null }));
      const move = { state: 'ended', status: 'DONE', failure: null, message: null, requestId: null } as const;
      const change = {
        guard: { states: ['submitted'] as const },
        move: { ...move, files, filesExpiry, resolution: null },
      };
      await moveTask(database, id, change, { isArchiving: true });
      return id;
    },
    getTask: (id) => getTask(store.database, id),
    async stateOf(id) {
      const { archive_state: state } = await store.database
        .selectFrom('task')
        .select('archive_state')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return state;
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** One that asked for every change. */
export async function addWebhook(database: Database, id: string): Promise<void> {
  const webhook = {
    webhook_url: 'https://app.example.com/hook',
    webhook_host: 'app.example.com',
    webhook_events: ['CHANGED' as const],
  };
  await database.updateTable('task').set(webhook).where('id', '=', id).execute();
}
