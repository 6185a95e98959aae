import type { TaskKind } from './task.ts';

/** How one kind's held tasks will be sent, as far as they are in memory; `held` counts all. */
export type HeldOrder = { kind: TaskKind; taskIds: readonly string[]; held: number; perSecond: number };

/** In how many seconds a held task will be sent; one that is not in memory comes after all that are. */
export function secondsUntilSent(order: HeldOrder, taskId: string): number {
  const place = order.taskIds.indexOf(taskId);
  const before = place === -1 ? Math.max(order.taskIds.length, order.held) : place;
  return before / order.perSecond;
}
