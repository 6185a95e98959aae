import { cancelTask } from './cancel-task.ts';
import { createTask } from './create-task.ts';
import type { TaskDependencies } from './dependencies.ts';
import { getStanding } from './get-standing.ts';
import { findTaskHistories, findTasks, findTasksByUpstreamId } from './find-tasks.ts';
import { retryTask } from './retry-task.ts';
import { trackTask } from './track-task.ts';
import type { UseCases } from './use-cases.ts';
import { watchTask, watchTaskChanges } from './watch-task.ts';
import { countTasks, listTasks } from '../store/list-tasks.ts';

export function createUseCases(dependencies: TaskDependencies & Pick<UseCases, 'tryFileUrl'>): UseCases {
  const { database, catalogue, estimates } = dependencies;
  return {
    createTask: (caller, request, idempotencyKey) => createTask(dependencies, caller, request, idempotencyKey),
    trackTask: (caller, input) => trackTask(dependencies, caller, input),
    cancelTask: (caller, id) => cancelTask(dependencies, caller, id),
    retryTask: (caller, id, idempotencyKey) => retryTask(dependencies, caller, id, idempotencyKey),
    findTasks: (caller, ids) => findTasks(dependencies, caller, ids),
    findTasksByUpstreamId: (caller, ids) => findTasksByUpstreamId(dependencies, caller, ids),
    listTasks: (caller, page, filter) => listTasks(database, caller.owner, page, filter),
    countTasks: (caller, filter) => countTasks(database, caller.owner, filter),
    findHistories: (caller, taskIds) => findTaskHistories(dependencies, caller, taskIds),
    getStanding: (caller) => getStanding(dependencies, caller),
    estimateTasks: (tasks) => tasks.map((task) => estimates.estimate(task)),
    models: (kind) => catalogue.models.filter((model) => kind === null || model.kind === kind),
    medianSeconds: (kind, { name, version }) => estimates.medianSeconds({ kind, model: name, version: version ?? '' }),
    tryFileUrl: dependencies.tryFileUrl,
    watchTask: (caller, id) => watchTask(dependencies, caller, id),
    watchTaskChanges: (caller, filter, since) => watchTaskChanges(dependencies, caller, filter, since),
  };
}
