import { canRetry } from '../src/domain/task/can-retry.ts';
import { resultUrlWarnings } from '../src/domain/task/result-url.ts';
import type { Task } from '../src/domain/task/task.ts';
import { builder } from './builder.ts';
import { ModelRef } from './model-ref.ts';
import { Node, taskTypeNames } from './node.ts';
import { ResultFile } from './result-file.ts';
import { TaskEstimate } from './task-estimate.ts';
import { GenerationModeEnum, TaskKindEnum, TaskStatusEnum } from './task-enums.ts';
import { TaskEvent } from './task-event.ts';
import { TaskFailure } from './task-failure.ts';
import { filesOf } from './task-file.ts';
import { WebhookDelivery } from './webhook-delivery.ts';

export const AigcTask = builder.interfaceRef<Task>('AigcTask').implement({
  description: 'What every generation task has, whatever it makes. `... on AigcTask` selects it on any `Task`.',
  interfaces: [Node],
  resolveType: ({ kind }) => taskTypeNames[kind],
  fields: (t) => ({
    kind: t.expose('kind', { type: TaskKindEnum, description: 'What it makes.' }),
    mode: t.expose('mode', {
      type: GenerationModeEnum,
      description: 'What it is made from. UNKNOWN for an adopted task.',
    }),
    status: t.expose('status', { type: TaskStatusEnum, description: 'How far it is.' }),
    revision: t.exposeInt('revision', {
      description:
        'Grows when `status`, `upstreamTaskId`, `failure`, `files` or `warnings` change, and may jump; not with polls, estimates or time. Drop what arrives with a lower one than you have.',
    }),
    upstreamTaskId: t.exposeString('upstreamTaskId', {
      nullable: true,
      description: "The vendor's TaskId. Null until the vendor has accepted the task.",
    }),
    prompt: t.string({
      nullable: true,
      description: 'Null when none was given, and for an adopted task.',
      resolve: (task) => task.request?.prompt,
    }),
    model: t.field({
      type: ModelRef,
      nullable: true,
      description: 'Null when the choice was left to the vendor, and for an adopted task.',
      resolve: (task) => task.request?.model,
    }),
    operator: t.string({
      nullable: true,
      description: 'The `operator` of the create input. Null without one, and for an adopted task.',
      resolve: (task) => task.request?.operator,
    }),
    warnings: t.stringList({
      description:
        'What may be wrong without being a reason to refuse the request or to fail: a model that `models` does not list, a result whose URL is not handed out, or a task that the vendor calls done without naming a file.',
      resolve: ({ warnings, files }, _arguments, { useCases }) => [
        ...warnings,
        ...resultUrlWarnings(files, useCases.isUsableFileUrl),
      ],
    }),
    failure: t.expose('failure', {
      type: TaskFailure,
      nullable: true,
      description: 'Null unless `status` is FAIL; then it is always there.',
    }),
    files: t.field({
      type: [ResultFile],
      description: 'All results, of whatever type: what a gallery needs. Empty until DONE.',
      resolve: filesOf,
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was recorded here: the order of `tasks`.',
    }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When `revision` last changed.' }),
    submittedAt: t.expose('submittedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the vendor accepted it. Null until then.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it was first seen in RUN. Null until then, and for a task that ended before a poll saw it running.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was first seen in DONE or FAIL. Null until then.',
    }),
    lastPolledAt: t.expose('lastPolledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the vendor was last polled for it. Null before the first poll.',
    }),
    pollCount: t.exposeInt('pollCount', { description: 'How often the vendor was polled for it.' }),
    estimate: t.field({
      type: TaskEstimate,
      nullable: true,
      description: 'When it probably ends. Null once it has, and for an adopted task.',
      resolve: (task, _arguments, { useCases }) => useCases.estimateTasks([task])[0],
    }),
    history: t.field({
      type: [TaskEvent],
      description: 'Every transition, oldest first. A whole page of tasks costs one more read.',
      resolve: (task, _arguments, { loaders }) => loaders.history.load(task.id),
    }),
    webhookDeliveries: t.field({
      type: [WebhookDelivery],
      description:
        'The deliveries to its `webhook`, oldest first: the last 50 attempts. Empty without a webhook. A whole page of tasks costs one more read.',
      resolve: (task, _arguments, { loaders }) => loaders.webhookDeliveries.load(task.id),
    }),
    canCancel: t.boolean({
      description: 'Whether it is still held back here, so that `cancelTask` could withdraw it.',
      resolve: (task) => task.state === 'held',
    }),
    canRetry: t.boolean({
      description:
        'Whether `retryTask` takes it: it ended as FAIL, its request is known, and its failure is `retryable`. Show a button by this alone.',
      resolve: canRetry,
    }),
  }),
});
