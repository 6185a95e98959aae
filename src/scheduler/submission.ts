import type { HeldOrder } from '../domain/task/held-order.ts';
import { taskKinds, type TaskKind } from '../domain/task/task.ts';
import { upstreamActions, type UpstreamLimits } from '../domain/upstream.ts';
import type { FoundHeld, HeldTask } from '../tasks/scheduling.ts';
import type { Budgets } from './budgets.ts';
import { createKindSubmission, type KindSubmissionOptions } from './kind-submission.ts';
import type { TroubleGate } from './trouble-gate.ts';

export type SubmissionOptions = Omit<KindSubmissionOptions, 'kind' | 'budget' | 'limit' | 'gate'> & {
  budgets: Budgets;
  limits: UpstreamLimits;
  /** What stops one kind may leave the others alone. */
  gates: Record<TaskKind, TroubleGate>;
};

/** Sends held tasks, each kind by itself. */
export function createSubmission({ budgets, limits, gates, ...options }: SubmissionOptions) {
  const create = (kind: TaskKind) =>
    createKindSubmission({
      ...options,
      kind,
      budget: budgets.create[kind],
      limit: limits[upstreamActions.create[kind]],
      gate: gates[kind],
    });
  const kinds = { IMAGE: create('IMAGE'), VIDEO: create('VIDEO'), AUDIO: create('AUDIO') };

  return {
    /** A task that was recorded just now. */
    add: (task: HeldTask): void => kinds[task.kind].add(task),
    /** It was canceled. */
    drop: (task: HeldTask): void => kinds[task.kind].drop(task),
    /** What a look at the table found. */
    fill: (kind: TaskKind, found: FoundHeld): void => kinds[kind].fill(found),
    orders: (): HeldOrder[] => taskKinds.map((kind) => kinds[kind].order()),
    /** Runs until the signal aborts and everything under way is recorded. */
    async run(signal: AbortSignal): Promise<void> {
      await Promise.all(taskKinds.map((kind) => kinds[kind].run(signal)));
    },
  };
}
