import { isOffPeak } from './following.ts';
import { binCount, createSurvivalCurve, type SurvivalCurve } from './survival-curve.ts';
import type { Task, TaskKind } from './task.ts';

/** What tasks of one model are learned under. An off-peak video is another thing than the same video at once. */
export type DurationKey = { kind: TaskKind; model: string; version: string };

/** From submission to end, as far as it was learned: what is stored, and what other replicas read. */
export type LearnedDuration = DurationKey & { events: readonly number[]; exposure: readonly number[] };

/** Before anything is known: about half as long again as the run itself (polling.md), in seconds. */
const priorMedians: Record<TaskKind, number> = { IMAGE: 12, AUDIO: 67, VIDEO: 180 };
const offPeakPriorMedian = 3_600;
const memory = 100;
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

export function curveOf(key: DurationKey, learned?: LearnedDuration): SurvivalCurve {
  const priorMedian = key.version.endsWith(offPeakVersion) ? offPeakPriorMedian : priorMedians[key.kind];
  // Bins of another version of the gateway say nothing in this one's.
  const usable = learned?.events.length === binCount && learned.exposure.length === binCount;
  return createSurvivalCurve({
    priorMedian,
    memory,
    ...(usable && learned && { events: learned.events, exposure: learned.exposure }),
  });
}
