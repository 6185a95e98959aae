import { isOffPeak } from './following.ts';
import type { Task, TaskKind } from './task.ts';

/** What tasks of one model are learned under. An off-peak video is another thing than the same video at once. */
export type DurationKey = { kind: TaskKind; model: string; version: string };

const offPeakVersion = ' (off-peak)';

/** null for an adopted task: its model is not known and its beginning was not seen. */
export function durationKeyOf(task: Pick<Task, 'kind' | 'request'>): DurationKey | null {
  if (task.request === null) return null;
  const { model } = task.request;
  return {
    kind: task.kind,
    model: model?.name ?? '',
    version: `${model?.version ?? ''}${isOffPeak(task) ? offPeakVersion : ''}`,
  };
}

export function durationKeyText({ kind, model, version }: DurationKey): string {
  return JSON.stringify([kind, model, version]);
}

export function isOffPeakKey({ version }: DurationKey): boolean {
  return version.endsWith(offPeakVersion);
}
