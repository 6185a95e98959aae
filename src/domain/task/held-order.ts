import type { TaskKind } from './task.ts';

/** `taskIds`: those of the held tasks that are in memory, in the order of sending; `held` counts all. */
export type HeldOrder = { kind: TaskKind; taskIds: readonly string[]; held: number; perSecond: number };

/** A task that is not in memory comes after all that are. */
export function secondsUntilSent(order: HeldOrder, taskId: string): number {
  const place = order.taskIds.indexOf(taskId);
  const before = place === -1 ? Math.max(order.taskIds.length, order.held) : place;
  return before / order.perSecond;
}
