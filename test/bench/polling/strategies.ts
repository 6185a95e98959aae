import TinyQueue from 'tinyqueue';
import {
  createCompletionModel,
  type CompletionModel,
  type CompletionPrior,
  type Observed,
} from '../../../src/domain/learning/completion-model.ts';
import { createIndexPolicy } from '../../../src/scheduler/index-policy.ts';
import type { Strategy } from './simulate.ts';
import type { Arrival } from './workloads.ts';

/**
 * The product's policy, with models that begin at the priors or that were taught before. `shareGroupOf`: among whom the
 * polls are shared.
 */
export function learnedIndex(
  models: readonly CompletionModel[],
  shareGroupOf = ({ owner }: Arrival): string => owner,
): Strategy {
  const policy = createIndexPolicy();
  const known = new Map<string, Observed>();

  function enter(arrival: Arrival, observed: Observed): void {
    known.set(arrival.id, observed);
    const model = models[arrival.model];
    if (model === undefined) throw new Error(`There is no model ${arrival.model}.`);
    const shareGroup = shareGroupOf(arrival);
    policy.add({ id: arrival.id, shareGroup, model, observed, weight: arrival.weight, aside: false });
  }

  return {
    follow(arrival) {
      const submittedAt = new Date(arrival.at * 1_000);
      enter(arrival, { submittedAt, lastUnfinishedAt: null, lastWaitAt: null, runStartedAt: null });
    },
    next(now) {
      const choice = policy.next(now * 1_000);
      return choice !== null && 'at' in choice ? { at: choice.at / 1_000 } : choice;
    },
    answered(arrival, status, sentAt) {
      const before = known.get(arrival.id);
      const model = models[arrival.model];
      if (before === undefined || model === undefined) return;
      const after = model.observe(before, status, new Date(sentAt * 1_000));
      if (status === 'ended') known.delete(arrival.id);
      else enter(arrival, after);
    },
    refused(arrival) {
      const observed = known.get(arrival.id);
      if (observed !== undefined) enter(arrival, observed);
    },
    // The policy's own deadline is the store's business: a task that is named but no longer followed costs no call.
    drop: (arrival) => known.delete(arrival.id),
    watch: (ids) => policy.watch(ids),
  };
}

export function freshModels(priors: readonly CompletionPrior[], factor = 1): CompletionModel[] {
  return priors.map(({ wholeSeconds, runSeconds }) =>
    createCompletionModel({ wholeSeconds: wholeSeconds * factor, runSeconds: runSeconds * factor }),
  );
}

type Due = { arrival: Arrival; dueAt: number; pause: number };

/**
 * Earliest due first, whatever "due" is: the classics differ in nothing else. `patient` ones are not asked before they
 * are due, even if the budget lies idle.
 */
function earliestDueFirst(
  firstAt: (arrival: Arrival) => number,
  nextAt: (arrival: Arrival, sentAt: number, due: Due) => number,
  patient: boolean,
): Strategy {
  const queue = new TinyQueue<Due>([], (one, other) => one.dueAt - other.dueAt);
  const asked = new Map<string, Due>();
  return {
    follow: (arrival) => queue.push({ arrival, dueAt: firstAt(arrival), pause: 0 }),
    next(now) {
      const first = queue.peek();
      if (first === undefined) return null;
      if (patient && first.dueAt > now) return { at: first.dueAt };
      queue.pop();
      asked.set(first.arrival.id, first);
      return { id: first.arrival.id };
    },
    answered(arrival, status, sentAt) {
      const due = asked.get(arrival.id);
      asked.delete(arrival.id);
      if (status === 'ended' || due === undefined) return;
      due.dueAt = nextAt(arrival, sentAt, due);
      queue.push(due);
    },
    refused(arrival) {
      const due = asked.get(arrival.id);
      if (due) queue.push(due);
    },
    drop: () => {},
  };
}

/** Whoever was asked after longest ago. */
export function roundRobin(): Strategy {
  return earliestDueFirst(
    ({ at }) => at,
    (_, sentAt) => sentAt,
    false,
  );
}

/** Round robin among those that are older than an age below which few end. */
export function roundRobinFrom(leastAge: (arrival: Arrival) => number): Strategy {
  return earliestDueFirst(
    (arrival) => arrival.at + leastAge(arrival),
    (_, sentAt) => sentAt,
    true,
  );
}

const longestPause = 600;

/** The pause grows with the task's age; what is due soonest is asked early while the budget allows. */
export function growingWithAge(share: number): Strategy {
  return earliestDueFirst(
    ({ at }) => at,
    ({ at }, sentAt) => sentAt + Math.min(longestPause, share * (sentAt - at)),
    false,
  );
}

/** The pause grows by a factor from poll to poll. */
export function backOff(factor: number): Strategy {
  return earliestDueFirst(
    ({ at }) => at + 0.5,
    (_, sentAt, due) => {
      due.pause = Math.min(longestPause, Math.max(0.5, due.pause * factor));
      return sentAt + due.pause;
    },
    false,
  );
}

/** Each task on a timer of its own, from its create on. */
export function fixedInterval(seconds: number): Strategy {
  const queue = new TinyQueue<Due>([], (one, other) => one.dueAt - other.dueAt);
  const again = (arrival: Arrival, now: number): void => queue.push({ arrival, dueAt: now + seconds, pause: 0 });
  return {
    follow: again,
    next(now) {
      const first = queue.peek();
      if (first === undefined) return null;
      if (first.dueAt > now) return { at: first.dueAt };
      queue.pop();
      return { id: first.arrival.id };
    },
    answered: (arrival, status, _sentAt, now) => {
      if (status !== 'ended') again(arrival, now);
    },
    refused: again,
    drop: () => {},
  };
}
