/** Where a task stands whose questions fail. */
export type Standing = {
  /** It takes no turn among the others, only from what is set aside for stragglers. */
  aside: boolean;
  /** It is not asked after before, in wall-clock milliseconds. */
  readyAt: number;
};

/**
 * The tasks of one API whose questions fail. A question fails because of its task, or because the upstream has trouble
 * with all of them; what tells the two apart is whether others were answered meanwhile.
 *
 * The first failure says nothing yet: the task stands aside until anything is answered, and has its place back then, so
 * that nobody waits when an outage is over. A failure with an answer to somebody since the one before is the task's own:
 * from then on it stands aside until it is answered itself, twice as long each time.
 */
export type FailingTasks = {
  /** Leaves the task alone for a second at first, and for `longestMs` at most. */
  failed(id: string, now: number, longestMs: number): void;
  /** Somebody was answered for the task. Returns the other tasks that have their place back, in need of being queued. */
  answered(id: string): string[];
  /** It is about to be asked after: it is in no queue until that has failed or was answered. */
  asked(id: string): void;
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
  /** Those in the queue that have failed since anything was answered, for no reason of their own. */
  const unexplained = new Set<string>();
  let answers = 0;

  return {
    failed(id, now, longestMs) {
      const before = failing.get(id);
      const own = before === undefined ? 0 : before.own + (answers > before.answers ? 1 : 0);
      failing.set(id, { readyAt: now + Math.min(firstPauseMs * 2 ** own, longestMs), own, answers });
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

    asked: (id) => void unexplained.delete(id),

    standing(id) {
      const found = failing.get(id);
      if (found === undefined) return { aside: false, readyAt: 0 };
      return { aside: found.own > 0 || found.answers === answers, readyAt: found.readyAt };
    },
  };
}
