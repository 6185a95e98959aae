import type { Clock } from '../clock.ts';
import type { HeldOrder } from '../domain/held-order.ts';
import type { Lease } from '../domain/lease.ts';
import { isRateRefusal, outcomeOfError, type SubmissionOutcome } from '../domain/submission.ts';
import { taskKinds, type TaskKind } from '../domain/task.ts';
import { UpstreamCallError, type Upstream } from '../domain/upstream.ts';
import type { Logger } from '../logger.ts';
import type { Claim, HeldTask, SchedulingUseCases } from '../tasks/scheduling.ts';
import type { Budgets } from './budgets.ts';
import { createHeldQueue, type HeldQueue } from './held-queue.ts';
import type { Pass, TroubleGate } from './trouble-gate.ts';
import { createWakeUp } from './wake-up.ts';

export type SubmissionOptions = {
  lease: Lease;
  upstream: Upstream;
  tasks: SchedulingUseCases;
  budgets: Budgets;
  gate: TroubleGate;
  /** A task is known upstream now. */
  onAccepted(id: string): void;
  clock: Clock;
  logger: Logger;
  /** Until when what is under way may still be recorded. */
  graceSignal: AbortSignal;
};

/** So many of each kind are kept in memory, each owner's oldest in turns; the rest waits in the table. */
export const heldWindow = 1_000;

/**
 * A process that was frozen after its claim was committed may wake up when somebody else has already given the task up:
 * it must not send then.
 */
const longestClaimMs = 2_000;
/** An upstream that answers nothing, or nonsense, would turn the whole queue into tasks of which nobody knows. */
const mostUnconfirmedInARow = 3;
const idleMs = 1_000;
const undoPauseMs = 500;

/** Sends held tasks at the pace of the Create budgets. Each is claimed first, and sent at most once per claim. */
export function createSubmission(options: SubmissionOptions) {
  const { tasks, upstream, budgets, gate, clock, logger, graceSignal } = options;
  const queues: Record<TaskKind, HeldQueue> = {
    IMAGE: createHeldQueue(),
    VIDEO: createHeldQueue(),
    AUDIO: createHeldQueue(),
  };
  /** The kinds of which more waits in the table: a new task must not get ahead of its owner's older ones there. */
  const partial = new Set<TaskKind>();
  const news = createWakeUp(clock);
  const underWay = new Map<string, Promise<void>>();
  let unconfirmedInARow = 0;

  function add(task: HeldTask): void {
    if (queues[task.kind].size >= heldWindow) partial.add(task.kind);
    if (!partial.has(task.kind)) enter(task);
  }

  function fill(kind: TaskKind, { tasks: found, isAll }: { tasks: readonly HeldTask[]; isAll: boolean }): void {
    if (isAll) partial.delete(kind);
    else partial.add(kind);
    for (const task of found) enter(task);
  }

  function enter(task: HeldTask): void {
    if (underWay.has(task.id)) return;
    queues[task.kind].add(task);
    news.wake();
  }

  async function submitAll(kind: TaskKind, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (queues[kind].size === 0) {
        await news.sleep(idleMs, signal);
        continue;
      }
      const pass = await gate.pass(signal);
      await budgets.create[kind].take(signal);
      const task = queues[kind].take();
      if (task === null) pass.undecided();
      else begin(task, pass);
    }
  }

  function begin(task: HeldTask, pass: Pass): void {
    const submitting = submit(task, pass)
      .catch((error: unknown) => logger.error({ taskId: task.id, error: String(error) }, 'A submission broke off.'))
      .finally(() => underWay.delete(task.id));
    underWay.set(task.id, submitting);
  }

  async function submit(task: HeldTask, pass: Pass): Promise<void> {
    const issuedAt = { monotonic: clock.monotonic(), wall: clock.now() };
    const claim = await tasks.claim(task.id, options.lease.epoch).catch(async (error: unknown) => {
      logger.warn(
        { taskId: task.id, error: String(error) },
        'It is in doubt whether a task was claimed; it is not sent.',
      );
      await undoClaim(task);
      return null;
    });
    if (claim === null) return pass.undecided();
    const lateMs = Math.max(clock.monotonic() - issuedAt.monotonic, Math.abs(clock.now() - issuedAt.wall));
    const isSent = lateMs < longestClaimMs && 'request' in claim;
    const outcome = isSent ? await send(claim.request) : notSent(claim, lateMs);
    if (isSent) tellBudget(task.kind, outcome, pass);
    else pass.undecided();
    await tasks.recordOutcome(claim, outcome, graceSignal);
    if (outcome.kind === 'accepted') options.onAccepted(task.id);
    if (outcome.kind === 'held-back') queues[task.kind].putBack(task);
    if (outcome.kind !== 'accepted') {
      logger.warn(
        { taskId: task.id, outcome: outcome.kind, code: outcome.error.code, requestId: outcome.error.requestId },
        'A Create did not work.',
      );
    }
  }

  async function send(request: Parameters<Upstream['create']>[0]): Promise<SubmissionOutcome> {
    try {
      const answer = await upstream.create(request);
      return { kind: 'accepted', answer, answeredAt: new Date(clock.now()) };
    } catch (error) {
      if (error instanceof UpstreamCallError) return outcomeOfError(error);
      const unknown = new UpstreamCallError('no-answer', 'UNEXPECTED', 'The call broke off.', { cause: error });
      logger.error({ error: String(error) }, 'A Create broke off in an unexpected way.');
      return { kind: 'unconfirmed', error: unknown };
    }
  }

  function tellBudget(kind: TaskKind, outcome: SubmissionOutcome, pass: Pass): void {
    unconfirmedInARow = outcome.kind === 'unconfirmed' ? unconfirmedInARow + 1 : 0;
    if (outcome.kind === 'accepted' || outcome.kind === 'rejected') return pass.worked();
    const { error } = outcome;
    if (isRateRefusal(error)) budgets.create[kind].refused();
    const stops =
      (outcome.kind === 'held-back' && outcome.pausesAccount) ||
      error.phase === 'not-connected' ||
      unconfirmedInARow >= mostUnconfirmedInARow;
    if (stops) pass.failed(`${error.code}: ${error.message}`);
    else pass.undecided();
  }

  async function undoClaim(task: HeldTask): Promise<void> {
    while (!graceSignal.aborted) {
      try {
        await tasks.undoClaim(task.id, options.lease.epoch);
        return;
      } catch {
        await clock.sleep(undoPauseMs, graceSignal).catch(() => {});
      }
    }
  }

  return {
    /** A task that was recorded just now. */
    add,
    /** What a look at the table found. */
    fill,
    orders: (): HeldOrder[] =>
      taskKinds.map((kind) => ({
        kind,
        taskIds: queues[kind].order(),
        perSecond: budgets.create[kind].perSecond(),
      })),
    /** Runs until the signal aborts and everything under way is recorded. */
    async run(signal: AbortSignal): Promise<void> {
      await Promise.allSettled(taskKinds.map((kind) => submitAll(kind, signal)));
      await Promise.all(underWay.values());
    },
  };
}

function notSent(claim: Claim, lateMs: number): SubmissionOutcome {
  if ('refusal' in claim) return { kind: 'rejected', error: claim.refusal };
  const message = `The process stood still for ${Math.round(lateMs)} ms before it could send the task.`;
  return {
    kind: 'held-back',
    pausesAccount: false,
    error: new UpstreamCallError('not-connected', 'STALE_CLAIM', message),
  };
}
