import type { Clock } from '../kit/clock.ts';
import type { Lease, LeaseKeeper } from '../domain/lease.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import type { ModelCatalogue } from '../domain/models/model-catalogue.ts';
import { isRateRefusal } from '../domain/task/submission.ts';
import { taskKinds, type TaskKind } from '../domain/task/task.ts';
import { UpstreamCallError, type Upstream, type UpstreamAction, type UpstreamLimits } from '../domain/upstream.ts';
import type { Logger } from '../kit/logger.ts';
import type { Database } from '../store/database.ts';
import type { HeldTask } from '../store/submitting.ts';
import type { TaskDependencies } from '../tasks/dependencies.ts';
import type { SchedulingUseCases } from '../tasks/scheduling.ts';
import { createBudgets, createBudgetsBeside, type Budgets } from './budgets.ts';
import { createIndexPolicy, type IndexPolicy } from './index-policy.ts';
import { lead } from './leadership.ts';
import { takeForCaller } from './callers-polls.ts';
import { createLeadershipTerm } from './leadership-term.ts';
import { createWakeUp } from '../kit/wake-up.ts';
import { createCircuitBreaker, type CircuitBreaker } from './circuit-breaker.ts';

export type SchedulerOptions = {
  keeper: LeaseKeeper;
  upstream: Upstream;
  database: Database;
  tasks: SchedulingUseCases;
  limits: UpstreamLimits;
  submissions: 'on' | 'paused';
  catalogue: ModelCatalogue;
  metrics: MetricsSink;
  /** Which task to poll next: the learned index, but in benchmarks. */
  createPolicy?: () => IndexPolicy;
  clock: Clock;
  /** This machine's own, where `clock` is the database's. */
  machineClock?: Clock | undefined;
  logger: Logger;
};

export type Scheduler = Pick<TaskDependencies, 'describe'> & {
  start(): void;
  /** This process has recorded a task to send. */
  taskHeld(task: HeldTask): void;
  taskCanceled(task: HeldTask): void;
  /** Another process has recorded tasks to send. */
  lookForHeld(): void;
  /** Another process has recorded a task to poll. */
  follow(taskId: string): void;
  /** The account's lease is free. */
  leaseReleased(): void;
  /** Empty while another replica schedules. */
  bucketLevels(): { action: UpstreamAction; tokens: number }[];
  /** Seconds since the upstream last answered for a task that it has not ended: the longest of each kind. Empty likewise. */
  longestUnanswered(): { kind: TaskKind; seconds: number }[];
  /** Running tasks that the upstream says it doesn't know, by kind. Empty likewise. */
  unknownTasks(): { kind: TaskKind; count: number }[];
  /** Whether this process does. */
  isScheduling(): boolean;
  /** What keeps calls from being made, in words for an operator. */
  troubles(): Record<string, string>;
  /** Begins nothing new, waits for what is under way for as long as the grace is, and gives the lease back. */
  stop(): Promise<void>;
};

/** Calls in flight may take 15 s; the rest is for their records. */
const graceMs = 20_000;

/**
 * Sends held tasks and polls those that were sent, both within the upstream's limits. Of all processes of an account only
 * the one that holds its lease does so; start() waits for it. Each of them answers describe(). A hint to a process without
 * the lease is dropped: the holder gets one of its own, or finds the task in the database.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { clock, logger, upstream, limits } = options;
  const stopping = new AbortController();
  const grace = new AbortController();
  const released = createWakeUp(clock);
  let breakers = createBreakers();
  let budgets: Budgets = createBudgetsBeside(limits, clock);
  let term: Awaited<ReturnType<typeof createLeadershipTerm>> | null = null;

  let leading: Promise<void> = Promise.resolve();

  /** New ones for each term: the trouble of the last one, or its probe, says nothing any more. */
  function createBreakers() {
    const create = (): CircuitBreaker => createCircuitBreaker(clock);
    const createThree = () => ({ IMAGE: create(), VIDEO: create(), AUDIO: create() });
    return { create: createThree(), describe: createThree() };
  }

  /** In words for an operator, with the kinds that wait for it; null while all is well. */
  function troubleOf(breakersOf: Record<TaskKind, CircuitBreaker>): string | null {
    const troubled = taskKinds.filter((kind) => breakersOf[kind].trouble !== null);
    const reasons = Map.groupBy(troubled, (kind) => breakersOf[kind].trouble);
    const texts = [...reasons].map(([reason, kinds]) => `${reason} (${kinds.join(', ')})`);
    return texts.length === 0 ? null : texts.join('; ');
  }

  const runTerm = async (lease: Lease, signal: AbortSignal): Promise<void> => {
    const own = { budgets: createBudgets(limits, clock), breakers: createBreakers() };
    ({ budgets, breakers } = own);
    // At once: it may have to record for long, and the next term may have begun by then.
    const leave = (): void => {
      if (budgets !== own.budgets) return;
      term = null;
      budgets = createBudgetsBeside(limits, clock);
      breakers = createBreakers();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      const begun = await createLeadershipTerm({
        createPolicy: createIndexPolicy,
        ...options,
        ...own,
        lease,
        graceSignal: grace.signal,
      });
      if (!signal.aborted) term = begun;
      await begun.run(signal);
    } catch (error) {
      logger.error({ error: String(error) }, 'The scheduler could not begin or broke off.');
    } finally {
      leave();
    }
  };

  return {
    start() {
      leading = lead(options.keeper, runTerm, { clock, logger, signal: stopping.signal, released });
    },

    taskHeld: (task) => term?.taskHeld(task),
    taskCanceled: (task) => term?.taskCanceled(task),
    lookForHeld: () => term?.findHeld(),
    leaseReleased: released.wake,
    follow: (taskId) => void term?.follow(taskId),

    async describe(kind, upstreamTaskId, caller) {
      const budget = budgets.describe[kind];
      await takeForCaller(budget, caller, { clock, stopping: stopping.signal });
      try {
        return await upstream.describe(kind, upstreamTaskId);
      } catch (error) {
        if (error instanceof UpstreamCallError && isRateRefusal(error)) budget.refused();
        throw error;
      }
    },

    bucketLevels: () => (term === null ? [] : budgets.levels()),

    longestUnanswered: () => term?.longestUnanswered() ?? [],
    unknownTasks: () => term?.unknownTasks() ?? [],
    isScheduling: () => term !== null,

    troubles() {
      const creates = troubleOf(breakers.create);
      const describes = troubleOf(breakers.describe);
      return { ...(creates !== null && { creates }), ...(describes !== null && { describes }) };
    },

    async stop() {
      stopping.abort();
      const over = new AbortController();
      const giveUp = clock.sleep(graceMs, over.signal).then(
        () => grace.abort(),
        () => {},
      );
      await leading;
      over.abort();
      await giveUp;
    },
  };
}
