import { cancelTask } from './cancel-task.ts';
import { createTask } from './create-task.ts';
import type { TaskDependencies } from './dependencies.ts';
import { getStanding } from './get-standing.ts';
import { findTaskHistories, findTasks, findTasksByUpstreamId, findTaskWebhookAttempts } from './find-tasks.ts';
import { retryTask } from './retry-task.ts';
import { trackTask } from './track-task.ts';
import type { UseCases } from './use-cases.ts';
import { watchTask, watchTaskChanges } from './watch-task.ts';
import { createResultUrlCheck } from '../domain/task/result-url.ts';
import type { Caller } from '../domain/task/task.ts';
import { forOwner } from '../store/fair-pool.ts';
import { countTasks, listTasks } from '../store/list-tasks.ts';

/**
 * The use cases, with the errors that UseCases names. What is asked of the database for a caller waits for a connection in
 * its owner's turn, and rejects with a TemporarilyUnavailableError when none comes in time, or the database is away.
 */
export function createUseCases(
  dependencies: TaskDependencies & Pick<UseCases, 'tryFileUrl'> & Partial<Pick<UseCases, 'findFileUrl'>>,
): UseCases {
  const { database, catalogue, estimates, exemptOrigins } = dependencies;
  return {
    createTask: inTurn((caller, request, idempotencyKey, webhook) =>
      createTask(dependencies, caller, request, idempotencyKey, webhook),
    ),
    trackTask: inTurn((caller, input) => trackTask(dependencies, caller, input)),
    cancelTask: inTurn((caller, id) => cancelTask(dependencies, caller, id)),
    retryTask: inTurn((caller, id, idempotencyKey) => retryTask(dependencies, caller, id, idempotencyKey)),
    findTasks: inTurn((caller, ids) => findTasks(dependencies, caller, ids)),
    findTasksByUpstreamId: inTurn((caller, ids) => findTasksByUpstreamId(dependencies, caller, ids)),
    listTasks: inTurn((caller, page, filter) => listTasks(database, caller.owner, page, filter)),
    countTasks: inTurn((caller, filter) => countTasks(database, caller.owner, filter)),
    findHistories: inTurn((caller, taskIds) => findTaskHistories(dependencies, caller, taskIds)),
    findWebhookAttempts: inTurn((caller, taskIds) => findTaskWebhookAttempts(dependencies, caller, taskIds)),
    getStanding: inTurn((caller) => getStanding(dependencies, caller)),
    estimateTasks: (tasks) => tasks.map((task) => estimates.estimate(task)),
    models: (kind) => catalogue.models.filter((model) => kind === null || model.kind === kind),
    medianSeconds: (kind, { name, version }) => estimates.medianSeconds({ kind, model: name, version: version ?? '' }),
    tryFileUrl: dependencies.tryFileUrl,
    isUsableFileUrl: createResultUrlCheck(exemptOrigins),
    findFileUrl: dependencies.findFileUrl ?? (() => null),
    watchTask: inTurn((caller, id) => watchTask(dependencies, caller, id)),
    watchTaskChanges: inTurn((caller, filter, after) => watchTaskChanges(dependencies, caller, filter, after)),
  };
}

/** What it asks of the database, it asks for its caller. */
function inTurn<Given extends [Caller, ...unknown[]], Answer>(
  useCase: (...given: Given) => Promise<Answer>,
): (...given: Given) => Promise<Answer> {
  return (...given) => forOwner(given[0].owner, () => useCase(...given), given[0].shareGroup);
}
