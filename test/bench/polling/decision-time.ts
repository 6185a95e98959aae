import { seededRandom } from '../../../src/kit/seeded-random.ts';
import {
  createCompletionModel,
  type CompletionModel,
  type Observed,
} from '../../../src/domain/learning/completion-model.ts';
import { createIndexPolicy, type IndexPolicy } from '../../../src/scheduler/index-policy.ts';

const perSecond = 50;
const now = Date.UTC(2026, 0, 15, 12);

/** Milliseconds of each decision, with its answer learned and the task put back, as at full budget. */
export function timeDecisions(tasks: number, modelCount: number, decisions: number, owners = 1): number[] {
  const random = seededRandom('decision time');
  const models = Array.from({ length: modelCount }, (_, index) =>
    createCompletionModel({ wholeSeconds: 12 * (index + 1), runSeconds: 8 * (index + 1) }),
  );
  const known = new Map<string, Known>();
  const policy = createIndexPolicy();
  for (let number = 0; number < tasks; number += 1) {
    const model = models[number % modelCount];
    if (model === undefined) throw new Error('There is no model.');
    const owner = String(Math.floor(number / modelCount) % owners);
    const task = { owner, model, observed: someObserved(() => random.fraction()) };
    known.set(String(number), task);
    enter(policy, String(number), task);
  }
  policy.watch(new Set([...known.keys()].filter((_, index) => index % 5 === 0)));

  return Array.from({ length: decisions }, (_, turn) => {
    const at = now + (turn * 1_000) / perSecond;
    const from = performance.now();
    const choice = policy.next(at);
    if (choice !== null && 'id' in choice) {
      const task = known.get(choice.id);
      if (task !== undefined) {
        task.observed = task.model.observe(task.observed, task.observed.runStartedAt ? 'RUN' : 'WAIT', new Date(at));
        enter(policy, choice.id, task);
      }
    }
    return performance.now() - from;
  });
}

type Known = { owner: string; model: CompletionModel; observed: Observed };

function enter(policy: IndexPolicy, id: string, { owner, model, observed }: Known): void {
  policy.add({ id, shareGroup: owner, model, observed, weight: 1, aside: false });
}

/** A third never seen, a third waiting, a third running; of all ages from seconds to hours. */
function someObserved(fraction: () => number): Observed {
  const ageMs = 1_000 * Math.exp(fraction() * Math.log(20_000));
  const submittedAt = new Date(now - ageMs);
  const lastUnfinishedAt = new Date(now - ageMs * 0.3 * fraction());
  const state = fraction() * 3;
  if (state < 1) return { submittedAt, lastUnfinishedAt: null, lastWaitAt: null, runStartedAt: null };
  if (state < 2) return { submittedAt, lastUnfinishedAt, lastWaitAt: lastUnfinishedAt, runStartedAt: null };
  return { submittedAt, lastUnfinishedAt, lastWaitAt: null, runStartedAt: new Date(now - ageMs * 0.8) };
}
