import { type Random, seededRandom } from '../../src/kit/seeded-random.ts';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import { createResultUrlCheck } from '../../src/domain/task/result-url.ts';
import type { Task, TaskEvent } from '../../src/domain/task/task.ts';
import type { UseCases } from '../../src/tasks/use-cases.ts';
import { createInMemoryUseCases, imageTask, somePlace } from '../schema/in-memory-use-cases.ts';

const at = new Date('2026-07-01T12:30:00Z');
const events: Pick<TaskEvent, 'status' | 'message'>[] = [
  { status: 'WAIT', message: null },
  { status: 'RUN', message: 'It "runs" now.' },
];

/** Tasks of all kinds, over which a share of all reads fails, late or at once: the same ones for a seed. */
export function createTroubledUseCases(seed: string, troubleShare: number): UseCases {
  const random = seededRandom(seed, 'use cases');
  const tasks = Array.from({ length: 8 }, (_, number) => someTask(number, random));
  const orTrouble = async <Value>(value: () => Value): Promise<Value> => {
    const turns = random.integer(0, 5);
    const fails = random.fraction() < troubleShare;
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    if (fails) throw new Error('a secret of the database');
    return value();
  };
  const { useCases } = createInMemoryUseCases(tasks, {
    isUsableFileUrl: createResultUrlCheck([]),
    models: (kind) => builtInCatalogue.models.filter((model) => kind === null || model.kind === kind),
    medianSeconds: () => random.pick([null, 12.5]),
    estimateTasks: (estimated) =>
      estimated.map(() => random.pick([null, { expectedEndAt: at, latestEndAt: at, progress: 0.5 }])),
    tryFileUrl: () => orTrouble(() => random.pick([null, at])),
    findTasks: (_caller, ids) => orTrouble(() => ids.map((id) => tasks.find((task) => task.id === id) ?? null)),
    findHistories: (_caller, ids) =>
      orTrouble(() =>
        ids.map((taskId) =>
          events.map((event, revision) => ({ ...event, taskId, owner: 'alice', revision, at, requestId: null })),
        ),
      ),
    findWebhookAttempts: (_caller, ids) => orTrouble(() => ids.map(() => [])),
    countTasks: () => orTrouble(() => ({ count: tasks.length, exact: true })),
    listTasks: (_caller, { first = tasks.length }) =>
      orTrouble(() => ({
        tasks: tasks.slice(0, first),
        hasNextPage: tasks.length > first,
        hasPreviousPage: false,
        asOf: at,
        place: somePlace,
      })),
  });
  return useCases;
}

function someTask(number: number, random: Random): Task {
  const ended: Partial<Task> = {
    state: 'ended',
    status: 'DONE',
    endedAt: at,
    filesExpiry: random.pick<Task['filesExpiry']>([{ kind: 'unknown' }, { kind: 'never' }, { kind: 'at', at }]),
    files: [
      { type: 'IMAGE', url: `https://files.example.com/${number}.png`, duration: null },
      { type: 'VIDEO', url: 'http://10.0.0.7/private.mp4', duration: 5 },
    ],
  };
  const failed: Partial<Task> = {
    state: 'ended',
    status: 'FAIL',
    failure: { code: 'REJECTED', message: 'No.', upstreamCode: null, requestId: null, retryable: false },
  };
  const parameters = { size: '1024x1024', nested: [{ a: '"' }, null] };
  const kinds: Partial<Task>[] = [
    {
      request: {
        kind: 'IMAGE',
        prompt: 'A cat',
        model: { name: 'GEM', version: '3.0' },
        additionalParameters: parameters,
      },
    },
    {
      kind: 'VIDEO',
      mode: 'TEXT_TO_VIDEO',
      request: { kind: 'VIDEO', prompt: 'A cat that\nwalks' },
      resolution: '1080P',
    },
    { kind: 'AUDIO', mode: 'TEXT_TO_AUDIO', request: { kind: 'AUDIO', prompt: 'A cat’s song' } },
    { request: null },
  ];
  return imageTask(number, { ...kinds[number % kinds.length], ...random.pick<Partial<Task>>([{}, ended, failed]) });
}
