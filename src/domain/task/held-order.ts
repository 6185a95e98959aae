import type { TaskKind } from './task.ts';

/**
 * In which order, and how fast, one kind's held tasks will be sent, as far as the scheduler keeps them in memory; and
 * how many wait in all.
 */
export type HeldOrder = { kind: TaskKind; taskIds: readonly string[]; held: number; perSecond: number };

/** In how many seconds a held task will be sent; one that is beyond what is kept in memory, after all that wait. */
export function secondsUntilSent(order: HeldOrder, taskId: string): number {
  const place = order.taskIds.indexOf(taskId);
  const before = place === -1 ? Math.max(order.taskIds.length, order.held) : place;
  return before / order.perSecond;
}
