import type { HeldTask } from '../tasks/scheduling.ts';

/** Tasks that wait to be sent: round robin between owners, each owner's in order of arrival. */
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
  /** Owners in the order in which their turn comes. */
  const byOwner = new Map<string, HeldTask[]>();
  const ids = new Set<string>();

  function enter(task: HeldTask, place: 'push' | 'unshift'): void {
    if (ids.has(task.id)) return;
    ids.add(task.id);
    const waiting = byOwner.get(task.owner);
    if (waiting) waiting[place](task);
    else byOwner.set(task.owner, [task]);
  }

  return {
    add: (task) => enter(task, 'push'),
    putBack: (task) => enter(task, 'unshift'),

    take() {
      const [turn] = byOwner;
      if (turn === undefined) return null;
      const [owner, waiting] = turn;
      const task = waiting.shift() ?? null;
      byOwner.delete(owner);
      if (waiting.length > 0) byOwner.set(owner, waiting);
      if (task !== null) ids.delete(task.id);
      return task;
    },

    remove({ id, owner }) {
      const waiting = byOwner.get(owner);
      if (waiting === undefined || !ids.delete(id)) return;
      waiting.splice(
        waiting.findIndex((task) => task.id === id),
        1,
      );
      if (waiting.length === 0) byOwner.delete(owner);
    },

    order() {
      const rounds: string[][] = [];
      for (const waiting of byOwner.values()) {
        for (const [round, task] of waiting.entries()) (rounds[round] ??= []).push(task.id);
      }
      return rounds.flat();
    },

    get size() {
      return ids.size;
    },
  };
}
