/**
 * The running tasks of one API that the upstream says it doesn't know, and whether that is to be believed. The wrong account
 * (another one's, an empty one) knows none of the tasks that were submitted before, so what counts is what the upstream
 * has answered about other tasks since it first said so of this one. Three such answers are needed in any case.
 *
 * | answers about others meanwhile | it is believed |
 * | --- | --- |
 * | a task is known that was submitted before | two minutes after that |
 * | only younger tasks are known, or this is the only one that is unknown | after 15 minutes |
 * | two or more are unknown, and none is known | not at all: it is the account's trouble |
 *
 * When one of them is known again, the answer was wrong: the counts of the others begin anew, as they do with each scheduler.
 */
export type UnknownTasks = {
  /** The upstream knows the task, at a moment in wall-clock milliseconds. Answers the tasks whose counts begin anew. */
  known(task: KnownTask, at: number): string[];
  /** The upstream says that it doesn't know this task. True when that is to be believed. */
  unknown(id: string, at: number): boolean;
  /** It is no running task any more. */
  forget(id: string): void;
  readonly size: number;
  /** In words for an operator; null while what is unknown is the tasks' own trouble. */
  readonly trouble: string | null;
};

/** `wasGivenUp`: it had been ended because the upstream did not know it. */
export type KnownTask = { id: string; submittedAt: Date | null; wasGivenUp: boolean };

const minuteMs = 60_000;
const minAnswers = 3;
const patienceMs = { older: 2 * minuteMs, weak: 15 * minuteMs };

type Evidence = 'none' | 'younger' | 'older';
const strength: Record<Evidence, number> = { none: 0, younger: 1, older: 2 };

type Unknown = { firstAt: number; since: number; answers: number; evidence: Evidence };

export function createUnknownTasks(): UnknownTasks {
  const unknown = new Map<string, Unknown>();

  function isTrouble(): boolean {
    let withoutEvidence = 0;
    for (const { evidence } of unknown.values()) {
      if (evidence === 'none') withoutEvidence += 1;
      if (withoutEvidence === 2) return true;
    }
    return false;
  }

  /** The first answer of its kind: earlier ones may be of another account. */
  function strengthen(entry: Unknown, submittedAt: Date | null, at: number): void {
    const evidence = submittedAt !== null && submittedAt.getTime() < entry.firstAt ? 'older' : 'younger';
    if (strength[evidence] > strength[entry.evidence]) Object.assign(entry, { evidence, since: at, answers: 0 });
  }

  return {
    known({ id, submittedAt, wasGivenUp }, at) {
      if (unknown.delete(id) || wasGivenUp) {
        const anew = [...unknown.keys()];
        unknown.clear();
        return anew;
      }
      for (const entry of unknown.values()) strengthen(entry, submittedAt, at);
      return [];
    },

    unknown(id, at) {
      const entry = unknown.get(id) ?? { firstAt: at, since: at, answers: 0, evidence: 'none' };
      unknown.set(id, entry);
      entry.answers += 1;
      if (entry.answers < minAnswers) return false;
      if (entry.evidence === 'none' && isTrouble()) return false;
      return at - entry.since >= (entry.evidence === 'older' ? patienceMs.older : patienceMs.weak);
    },

    forget: (id) => void unknown.delete(id),

    get size() {
      return unknown.size;
    },

    get trouble() {
      if (!isTrouble()) return null;
      return `UNKNOWN_TASKS: the vendor knows none of ${unknown.size} running tasks; check whether the endpoint, the region and the key are those of this account. No task is ended for it.`;
    },
  };
}
