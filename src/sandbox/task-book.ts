import { randomBytes } from 'node:crypto';
import type { Kind } from './actions.ts';
import type { Clock } from '../kit/clock.ts';
import type { Journal } from './journal.ts';
import { foresee, type OutlookDependencies, type Prospect } from './outlook.ts';
import type { AudioRequest, ImageRequest, VideoRequest } from './requests.ts';
import { taskRecord, toSandboxTask, type SandboxTask } from './task.ts';

export type TaskRequest =
  | { kind: 'image'; request: ImageRequest }
  | { kind: 'video'; request: VideoRequest }
  | { kind: 'audio'; request: AudioRequest };

export type TaskBook = {
  /** Resolves once the task is on disk. */
  create(order: TaskRequest): Promise<SandboxTask>;
  find(kind: Kind, taskId: string): SandboxTask | undefined;
  findByFileKey(fileKey: string): SandboxTask | undefined;
  all(): readonly SandboxTask[];
};

const taskIdPrefix: Record<Kind, string> = {
  image: '4-AigcImage-',
  video: '4-AigcVideo-',
  audio: '24000145-AigcAudio-',
};

export type TaskBookDependencies = OutlookDependencies & { journal: Journal; clock: Clock };

/** All tasks in memory, in order, with the journal behind them. Throws when a line of the journal is no task. */
export function createTaskBook({ journal, clock, ...dependencies }: TaskBookDependencies): TaskBook {
  const tasks: SandboxTask[] = [];
  const byTaskId = new Map<string, SandboxTask>();
  const byFileKey = new Map<string, SandboxTask>();
  let nextOrdinal = 0;

  function remember(task: SandboxTask): void {
    tasks.push(task);
    byTaskId.set(task.taskId, task);
    byFileKey.set(task.fileKey, task);
  }

  for (const [index, line] of journal.lines.entries()) {
    const task = toSandboxTask(parseLine(line, index + 1));
    remember(task);
    nextOrdinal = Math.max(nextOrdinal, task.ordinal + 1);
  }

  return {
    async create(order) {
      const createdAt = clock.now();
      const ordinal = nextOrdinal++;
      const record = {
        ...order,
        ...foresee(prospectOf(order), ordinal, createdAt, dependencies),
        taskId: taskIdPrefix[order.kind] + randomBytes(16).toString('hex'),
        ordinal,
        createdAt,
        fileKey: randomBytes(16).toString('hex'),
      };
      await journal.append(JSON.stringify(record));
      const task = toSandboxTask(record);
      remember(task);
      return task;
    },
    find(kind, taskId) {
      const task = byTaskId.get(taskId);
      return task?.kind === kind ? task : undefined;
    },
    findByFileKey: (fileKey) => byFileKey.get(fileKey),
    all: () => tasks,
  };
}

function parseLine(line: string, number: number) {
  try {
    return taskRecord.parse(JSON.parse(line));
  } catch (cause) {
    throw new Error(`The sandbox's journal is damaged at line ${number}; delete it to start afresh`, { cause });
  }
}

function prospectOf({ kind, request }: TaskRequest): Prospect {
  return {
    kind,
    model: {
      name: request.ModelName,
      version: request.ModelVersion,
      seconds: kind === 'video' ? request.Duration : undefined,
    },
    prompt: request.Prompt,
    isOffPeak: kind === 'video' && request.ExtraParameters?.OffPeak === true,
  };
}
