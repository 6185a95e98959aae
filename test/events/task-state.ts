import type { Task } from '../../src/domain/task/task.ts';

/** A state of an image task. */
export function taskState(id: string, revision: number, changes: Partial<Task> = {}): Task {
  const at = new Date(Date.UTC(2026, 0, 15, 12));
  return {
    id,
    owner: 'ann',
    account: 'sandbox/-/test',
    kind: 'IMAGE',
    mode: 'TEXT_TO_IMAGE',
    state: 'submitted',
    status: 'RUN',
    revision,
    request: { kind: 'IMAGE', prompt: 'a kite' },
    warnings: [],
    retryOf: null,
    upstreamTaskId: `4-AigcImage-${id}`,
    files: [],
    filesExpiry: { kind: 'unknown' },
    resolution: null,
    failure: null,
    createdAt: at,
    updatedAt: at,
    submittedAt: at,
    startedAt: null,
    endedAt: null,
    lastPolledAt: null,
    pollCount: 0,
    ...changes,
  };
}
