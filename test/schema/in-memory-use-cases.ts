import type { ChangePlace } from '../../src/domain/task/change-place.ts';
import { TaskNotFoundError } from '../../src/domain/errors.ts';
import { isUsableResultUrl } from '../../src/domain/task/result-url.ts';
import type { TaskChange } from '../../src/domain/task/task-change.ts';
import type { Task } from '../../src/domain/task/task.ts';
import type { UseCases } from '../../src/tasks/use-cases.ts';

const createdAt = new Date('2026-07-01T12:00:00Z');

export const somePlace: ChangePlace = {
  database: '0198c0de-0000-4000-8000-000000000000',
  snapshot: { xmax: 1_000n, underWay: [998n] },
};

export function changeOf(task: Task, type: TaskChange['type'] = 'UPDATED'): TaskChange {
  return { type, owner: task.owner, task, place: somePlace };
}

export function taskId(number: number): string {
  return `01980000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

export function imageTask(number: number, changes: Partial<Task> = {}): Task {
  return {
    id: taskId(number),
    owner: 'alice',
    account: 'sandbox',
    kind: 'IMAGE',
    mode: 'TEXT_TO_IMAGE',
    state: 'submitted',
    status: 'WAIT',
    revision: 1,
    request: { kind: 'IMAGE', prompt: `Picture ${number}` },
    warnings: [],
    retryOf: null,
    upstreamTaskId: null,
    files: [],
    filesExpiry: { kind: 'unknown' },
    resolution: null,
    failure: null,
    createdAt,
    updatedAt: createdAt,
    submittedAt: null,
    startedAt: null,
    endedAt: null,
    lastPolledAt: null,
    pollCount: 0,
    ...changes,
  };
}

/** What the use cases were asked, in order. */
export type Call = [useCase: keyof UseCases, ...details: unknown[]];

/** Tasks in an array, newest first, and nothing behind it: for what only the schema decides. */
export function createInMemoryUseCases(tasks: Task[], changes: Partial<UseCases> = {}) {
  const calls: Call[] = [];
  const find = (id: string) => tasks.find((task) => task.id === id) ?? null;
  const unexpected = () => Promise.reject(new Error('a secret of the database at 10.0.0.7'));
  const useCases: UseCases = {
    createTask: unexpected,
    trackTask: unexpected,
    cancelTask: unexpected,
    retryTask: unexpected,
    findTasks: async (_caller, ids) => ids.map(find),
    findTasksByUpstreamId: async (_caller, ids) =>
      ids.map((id) => tasks.find((task) => task.upstreamTaskId === id) ?? null),
    listTasks: async (_caller, { first = 0 }) => ({
      tasks: tasks.slice(0, first),
      hasNextPage: tasks.length > first,
      hasPreviousPage: false,
      asOf: createdAt,
      place: somePlace,
    }),
    countTasks: async () => ({ count: tasks.length, exact: true }),
    findHistories: async (_caller, ids) =>
      ids.map((id) => [
        { taskId: id, owner: 'alice', revision: 1, status: 'WAIT', at: createdAt, message: null, requestId: null },
      ]),
    findWebhookAttempts: async (_caller, ids) => ids.map(() => []),
    getViewer: async ({ owner }) => ({
      owner,
      tasksInFlight: tasks.length,
      createsLastMinute: 0,
      quota: { tasksInFlight: null, createsPerMinute: null },
    }),
    estimateTasks: (estimated) => estimated.map(() => null),
    models: () => [],
    medianSeconds: () => null,
    tryFileUrl: async () => null,
    isUsableFileUrl: (url) => isUsableResultUrl(url, []),
    findFileUrl: () => null,
    watchTask: async (_caller, id) => {
      const task = find(id);
      if (task === null) throw new TaskNotFoundError();
      return (async function* () {
        yield task;
      })();
    },
    watchTaskChanges: unexpected,
    ...changes,
  };
  return { useCases: recording(useCases, calls), calls };
}

function recording(useCases: UseCases, calls: Call[]): UseCases {
  return new Proxy(useCases, {
    get(target, name: keyof UseCases) {
      return (...details: unknown[]) => {
        calls.push([name, ...details]);
        return Reflect.apply(target[name], undefined, details);
      };
    },
  });
}
