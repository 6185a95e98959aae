import { z } from 'zod';
import { audioRequest, imageRequest, videoRequest } from './requests.ts';

const life = {
  taskId: z.string(),
  ordinal: z.int(),
  createdAt: z.number(),
  startsAt: z.number(),
  endsAt: z.number(),
  /** When the result URLs expire. */
  expiresAt: z.number(),
  /** The Message of a task that ends as FAIL; null for one that ends as DONE. */
  failure: z.string().nullable(),
  /** The unguessable part of the result URLs. */
  fileKey: z.string(),
};

/** One line of the journal: everything about a task, its end included. */
export const taskRecord = z.discriminatedUnion('kind', [
  z.object({ ...life, kind: z.literal('image'), request: imageRequest }),
  z.object({ ...life, kind: z.literal('video'), request: videoRequest }),
  z.object({ ...life, kind: z.literal('audio'), request: audioRequest }),
]);
export type TaskRecord = z.infer<typeof taskRecord>;

export type SandboxTaskStatus = 'WAIT' | 'RUN' | 'DONE' | 'FAIL';

export type SandboxTask = TaskRecord & {
  /** The status at `nowMs`: only time moves a task, so a restart changes nothing. */
  status(nowMs: number): SandboxTaskStatus;
};

export function toSandboxTask(record: TaskRecord): SandboxTask {
  return { ...record, status: (nowMs) => statusAt(record, nowMs) };
}

function statusAt({ startsAt, endsAt, failure }: TaskRecord, nowMs: number): SandboxTaskStatus {
  if (nowMs < startsAt) return 'WAIT';
  if (nowMs < endsAt) return 'RUN';
  return failure === null ? 'DONE' : 'FAIL';
}
