import type { Clock } from '../clock.ts';
import { upstreamActions, type UpstreamAction, type UpstreamLimits } from '../domain/upstream.ts';
import type { TaskKind } from '../domain/task.ts';
import { createPacer, type Pacer } from './pacer.ts';
import { createSharedPacer, type SharedPacer } from './shared-pacer.ts';

/** The six request budgets of an account: a Create and a Describe for each kind. */
export type Budgets = {
  create: Record<TaskKind, Pacer>;
  describe: Record<TaskKind, SharedPacer>;
  levels(): { action: UpstreamAction; tokens: number }[];
};

export function createBudgets(limits: UpstreamLimits, clock: Clock): Budgets {
  const pacers = (actions: Record<TaskKind, UpstreamAction>): Record<TaskKind, Pacer> => ({
    IMAGE: createPacer(limits[actions.IMAGE], clock),
    VIDEO: createPacer(limits[actions.VIDEO], clock),
    AUDIO: createPacer(limits[actions.AUDIO], clock),
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
