import type { Clock } from '../kit/clock.ts';
import { upstreamActions, type UpstreamAction, type UpstreamLimits } from '../domain/upstream.ts';
import type { TaskKind } from '../domain/task/task.ts';
import { createPacer, type Pacer } from './pacer.ts';
import { createSharedPacer, type SharedPacer } from './shared-pacer.ts';

/** The six request budgets of an account: a Create and a Describe for each kind. */
export type Budgets = {
  create: Record<TaskKind, Pacer>;
  describe: Record<TaskKind, SharedPacer>;
  levels(): { action: UpstreamAction; tokens: number }[];
};

/** Of each limit, what a process may spend on its callers' questions while another schedules: what the scheduler's pace leaves. */
const shareBeside = 0.03;
/** Calls a second, as far as the limit goes: so that no caller waits for minutes where it is low. */
const leastBeside = 0.2;

/** Of the process that schedules. */
export function createBudgets(limits: UpstreamLimits, clock: Clock): Budgets {
  return createSixBudgets((action) => limits[action], clock);
}

/** Of one that doesn't: the few calls that it makes for its callers. */
export function createBudgetsBeside(limits: UpstreamLimits, clock: Clock): Budgets {
  return createSixBudgets(
    (action) => Math.min(limits[action], Math.max(shareBeside * limits[action], leastBeside)),
    clock,
  );
}

function createSixBudgets(limitOf: (action: UpstreamAction) => number, clock: Clock): Budgets {
  const pacers = (actions: Record<TaskKind, UpstreamAction>): Record<TaskKind, Pacer> => ({
    IMAGE: createPacer(limitOf(actions.IMAGE), clock),
    VIDEO: createPacer(limitOf(actions.VIDEO), clock),
    AUDIO: createPacer(limitOf(actions.AUDIO), clock),
  });
  const create = pacers(upstreamActions.create);
  const alone = pacers(upstreamActions.describe);
  const describe = {
    IMAGE: createSharedPacer(alone.IMAGE),
    VIDEO: createSharedPacer(alone.VIDEO),
    AUDIO: createSharedPacer(alone.AUDIO),
  };
  const levelsOf = (actions: Record<TaskKind, UpstreamAction>, of: Record<TaskKind, Pacer>) =>
    (['IMAGE', 'VIDEO', 'AUDIO'] as const).map((kind) => ({ action: actions[kind], tokens: of[kind].level() }));
  return {
    create,
    describe,
    levels: () => [...levelsOf(upstreamActions.create, create), ...levelsOf(upstreamActions.describe, describe)],
  };
}
