/** Where a task stands whose polls fail. */
export type Standing = {
  /** It takes no turn among the others, only from what is set aside for stragglers. */
  aside: boolean;
  /** It is not polled before, in wall-clock milliseconds. */
  readyAt: number;
};

/**
 * The tasks of one API whose polls fail: because of the task, or because the upstream has trouble with all of them. Whether
 * others are answered meanwhile tells which.
 *
 * | since its last failure | it stands | until |
 * | --- | --- | --- |
 * | no poll was answered | aside | any poll is answered: an outage is over for all at once |
 * | others were answered | aside, twice as long each time | it is answered itself |
 */
export type FailingTasks = {
  /** Leaves the task alone for a second at first, and for `maxMs` at most. */
  failed(id: string, now: number, maxMs: number): void;
  /** A poll of the task was answered. Returns the other tasks that have their place back and need to be queued. */
  answered(id: string): string[];
  /** It is about to be polled: it is in no queue until that has failed or was answered. */
  polled(id: string): void;
  standing(id: string): Standing;
};

const firstPauseMs = 1_000;

type Failing = {
  readyAt: number;
  /** Failures that were the task's own. */
  own: number;
  /** How many answers there had been by its last failure. */
  answers: number;
};

export function createFailingTasks(): FailingTasks {
  const failing = new Map<string, Failing>();
  /** Queued tasks that have failed since the last answer, for no reason of their own. */
  const unexplained = new Set<string>();
  let answers = 0;

  return {
    failed(id, now, maxMs) {
      const before = failing.get(id);
      const own = before === undefined ? 0 : before.own + (answers > before.answers ? 1 : 0);
      failing.set(id, { readyAt: now + Math.min(firstPauseMs * 2 ** own, maxMs), own, answers });
      if (own === 0) unexplained.add(id);
    },

    answered(id) {
      answers += 1;
      failing.delete(id);
      unexplained.delete(id);
      const freed = [...unexplained];
      unexplained.clear();
      return freed;
    },

    polled: (id) => void unexplained.delete(id),

    standing(id) {
      const found = failing.get(id);
      if (found === undefined) return { aside: false, readyAt: 0 };
      return { aside: found.own > 0 || found.answers === answers, readyAt: found.readyAt };
    },
  };
}
