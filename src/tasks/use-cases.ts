import { createResultUrlCheck } from '../domain/task/result-url.ts';
import type { PageRequest, TaskFilter } from '../domain/task/listing.ts';
import type { FindFileUrl } from '../domain/task/served-file.ts';
import type { Caller, ModelRef, Task, TaskKind } from '../domain/task/task.ts';
import { forOwner } from '../store/fair-pool.ts';
import { countTasks, listTasks } from '../store/list-tasks.ts';
import { cancelTask } from './cancel-task.ts';
import { createTask } from './create-task.ts';
import type { TaskDependencies } from './dependencies.ts';
import { createFirstReads } from './first-reads.ts';
import { findTaskHistories, findTasks, findTasksByUpstreamId, findTaskWebhookAttempts } from './find-tasks.ts';
import { getViewer } from './get-viewer.ts';
import { retryTask } from './retry-task.ts';
import { trackTask } from './track-task.ts';
import { watchTask, watchTaskChanges, type WatchDependencies } from './watch-task.ts';

export type UseCaseDependencies = TaskDependencies & {
  /**
   * Tries a result URL whose expiry is unknown. Answers when it was seen to work, at most a minute ago, or null when it is
   * dead or can't be reached.
   */
  tryFileUrl(url: string): Promise<Date | null>;
  /** Where an archived file can be had. */
  findFileUrl?: FindFileUrl;
};

/** All that a caller can do. What takes a list answers in its order, so that each serves as a DataLoader's batch. */
export type UseCases = ReturnType<typeof createUseCases>;

export function createUseCases(parts: UseCaseDependencies) {
  const dependencies = { ...parts, firstReads: createFirstReads(parts.database) };
  const { catalogue, estimates, exemptOrigins, tryFileUrl } = dependencies;

  /**
   * A use case for any caller. What it asks of the database waits for a connection in its owner's turn, and rejects with a
   * TemporarilyUnavailableError when none comes in time, or the database is away.
   */
  function inTurn<Given extends unknown[], Answer>(
    useCase: (dependencies: WatchDependencies, caller: Caller, ...given: Given) => Promise<Answer>,
  ): (caller: Caller, ...given: Given) => Promise<Answer> {
    return (caller, ...given) =>
      forOwner(caller.owner, () => useCase(dependencies, caller, ...given), caller.shareGroup);
  }

  return {
    createTask: inTurn(createTask),
    trackTask: inTurn(trackTask),
    cancelTask: inTurn(cancelTask),
    retryTask: inTurn(retryTask),
    findTasks: inTurn(findTasks),
    findTasksByUpstreamId: inTurn(findTasksByUpstreamId),
    listTasks: inTurn(({ database }, { owner }, page: PageRequest, filter: TaskFilter) =>
      listTasks(database, owner, page, filter),
    ),
    countTasks: inTurn(({ database }, { owner }, filter: TaskFilter) => countTasks(database, owner, filter)),
    findHistories: inTurn(findTaskHistories),
    findWebhookAttempts: inTurn(findTaskWebhookAttempts),
    getViewer: inTurn(getViewer),
    watchTask: inTurn(watchTask),
    watchTaskChanges: inTurn(watchTaskChanges),

    /** null once ended, and for an adopted task. */
    estimateTasks: (tasks: readonly Task[]) => tasks.map((task) => estimates.estimate(task)),
    models: (kind: TaskKind | null) => catalogue.models.filter((model) => kind === null || model.kind === kind),
    /** Seconds from submission to end as learned here; null before anything was seen. */
    medianSeconds: (kind: TaskKind, { name, version }: ModelRef) =>
      estimates.medianSeconds({ kind, model: name, version: version ?? '' }),
    tryFileUrl,
    /** Whether a result's own URL may be handed out at all: not one that leads into a private network. */
    isUsableFileUrl: createResultUrlCheck(exemptOrigins),
    findFileUrl: dependencies.findFileUrl ?? (() => null),
  };
}
