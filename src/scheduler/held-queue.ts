import { createFairQueue, type QueuePlace } from '../kit/fair-queue.ts';
import { shareGroupOf } from '../domain/task/share-group.ts';
import type { HeldTask } from '../store/submitting.ts';

/** Tasks that wait to be sent: round robin between share groups, then between a group's owners, each owner's in order of arrival. */
export type HeldQueue = {
  /** Passes over what is already in it. */
  add(task: HeldTask): void;
  /** A task that could not be sent goes back to the front of its owner's. */
  putBack(task: HeldTask): void;
  take(): HeldTask | null;
  /** Takes out one that is not to be sent any more, if it is there. */
  remove(task: HeldTask): void;
  /** The ids in the order in which they will be taken. */
  order(): string[];
  readonly size: number;
};

export function createHeldQueue(): HeldQueue {
  const waiting = createFairQueue<HeldTask>();
  const byId = new Map<string, HeldTask>();

  function enter(task: HeldTask, how: 'add' | 'putBack'): void {
    if (byId.has(task.id)) return;
    byId.set(task.id, task);
    waiting[how](task, placeOf(task));
  }

  return {
    add: (task) => enter(task, 'add'),
    putBack: (task) => enter(task, 'putBack'),

    take() {
      const task = waiting.take();
      if (task !== null) byId.delete(task.id);
      return task;
    },

    remove({ id }) {
      const task = byId.get(id);
      if (task === undefined) return;
      byId.delete(id);
      waiting.remove(task, placeOf(task));
    },

    order: () => waiting.order().map(({ id }) => id),

    get size() {
      return byId.size;
    },
  };
}

function placeOf(task: HeldTask): QueuePlace {
  return { group: shareGroupOf(task), key: task.owner };
}
