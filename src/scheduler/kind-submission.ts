import type { Clock } from '../kit/clock.ts';
import type { HeldOrder } from '../domain/task/held-order.ts';
import type { Lease } from '../domain/lease.ts';
import { isRateRefusal, outcomeOfError, type Attempt, type SubmissionOutcome } from '../domain/task/submission.ts';
import type { TaskKind } from '../domain/task/task.ts';
import { UpstreamCallError, type Upstream } from '../domain/upstream.ts';
import type { Logger } from '../kit/logger.ts';
import type { FoundHeld, HeldTask } from '../store/submitting.ts';
import type { SchedulingUseCases } from '../tasks/scheduling.ts';
import { createCreateTroubles } from './create-troubles.ts';
import { createHeldClaims, type Claimed } from './held-claims.ts';
import { createHeldQueue } from './held-queue.ts';
import type { Pacer } from './pacer.ts';
import { createRetryDelays } from './retry-delays.ts';
import { createSendWindow } from './send-window.ts';
import type { Pass, CircuitBreaker } from './circuit-breaker.ts';
import { createWakeUp } from '../kit/wake-up.ts';

export type KindSubmissionOptions = {
  lease: Lease;
  upstream: Upstream;
  tasks: Pick<SchedulingUseCases, 'claim' | 'undoClaim' | 'recordOutcome'>;
  kind: TaskKind;
  budget: Pacer;
  /** Requests a second that the upstream takes. */
  limit: number;
  breaker: CircuitBreaker;
  /** A task is known upstream now. */
  onAccepted(id: string): void;
  clock: Clock;
  /** Whose wall clock shows how long the process stood still, where `clock` doesn't. */
  machineClock?: Clock | undefined;
  logger: Logger;
  /** Until when what is under way may still be recorded. */
  graceSignal: AbortSignal;
};

/** So many of each kind are kept in memory, each owner's oldest in turns; the rest waits in the table. */
export const heldWindow = 1_000;

/**
 * Slots of the budget that wait for a claim, in seconds of the limit: a database that stands still holds up no more of them,
 * which then would go out together. Enough when a claim takes 200 ms: four for 20 a second.
 */
const maxClaimSeconds = 0.2;
const minClaims = 4;
const idleMs = 1_000;

/**
 * Sends a kind's held tasks at the pace of its Create budget.
 *
 * | a task | becomes | when |
 * | --- | --- | --- |
 * | held, in the queue | being claimed | the budget has a slot and the circuit breaker lets a call pass |
 * | being claimed | being sent | its claim is surely committed, at most 2 s ago |
 * | being claimed | absent | it was canceled, or its claim is in doubt: the claim is undone, or found by its age |
 * | being claimed | delayed | PostgreSQL refuses the claim |
 * | being sent | absent | its outcome is recorded, whatever it is |
 * | being sent | queued again, or delayed | it surely did not arrive, or the account's trouble refused it |
 */
export function createKindSubmission(options: KindSubmissionOptions) {
  const { kind, tasks, upstream, budget, breaker, clock, logger, graceSignal } = options;
  const queue = createHeldQueue();
  const troubles = createCreateTroubles(clock);
  const delays = createRetryDelays(clock);
  const sendWindow = createSendWindow(options.limit, clock);
  const maxClaims = Math.max(minClaims, Math.ceil(maxClaimSeconds * options.limit));
  const news = createWakeUp(clock);
  /** Tasks that are being claimed, sent or recorded. */
  const underWay = new Set<string>();
  const running = new Set<Promise<void>>();
  const claims = createHeldClaims(options);
  let claimsUnderWay = 0;
  /** The table holds more: a new task must not overtake its owner's older ones there. */
  let isPartial = false;
  /** Held tasks in all, when the table was last read. */
  let held = 0;

  function add(task: HeldTask): void {
    if (queue.size >= heldWindow) isPartial = true;
    if (isPartial) return;
    enter(task);
    news.wake();
  }

  function fill(found: FoundHeld): void {
    isPartial = !found.isAll;
    held = found.held;
    for (const task of found.tasks) enter(task);
    news.wake();
  }

  function enter(task: HeldTask): void {
    if (underWay.has(task.id) || delays.isWaiting(task.id)) return;
    queue.add(task);
  }

  async function submitAll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (queue.size === 0 || claimsUnderWay >= maxClaims) {
        await news.sleep(idleMs, signal);
        continue;
      }
      const pass = await breaker.pass(signal);
      const silence = troubles.silence();
      if (silence !== null) {
        pass.failed(silence);
        continue;
      }
      await budget.take(signal);
      track(spend(pass, signal));
    }
  }

  function track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => logger.error({ kind, error: String(error) }, 'A submission broke off.'))
      .finally(() => running.delete(tracked));
    running.add(tracked);
  }

  /** Spends a slot of the budget on the next task. */
  async function spend(pass: Pass, signal: AbortSignal): Promise<void> {
    const claimed = await claimNext(signal);
    if (claimed === null) return pass.undecided();
    const { task, attempt, request } = claimed;
    const stale = claims.staleness(claimed);
    if (stale !== null) pass.undecided();
    await end(task, attempt, stale ?? (await send(task.id, request, pass)));
  }

  async function end(task: HeldTask, attempt: Attempt, outcome: SubmissionOutcome): Promise<void> {
    await record(task, attempt, outcome).finally(() => underWay.delete(task.id));
  }

  async function record(task: HeldTask, attempt: Attempt, outcome: SubmissionOutcome): Promise<void> {
    await tasks.recordOutcome(attempt, outcome, graceSignal);
    if (outcome.kind === 'accepted') options.onAccepted(task.id);
    else {
      const { code, requestId } = outcome.error;
      logger.warn({ taskId: task.id, outcome: outcome.kind, code, requestId }, 'A Create did not work.');
    }
    if (outcome.kind === 'held-back') goBack(task, outcome.pausesAccount);
    // A task that was refused works now, and so may the others.
    else if (delays.end(task.id) && outcome.kind === 'accepted') delays.endAll();
  }

  /** A refused task waits, and is found in the table when its delay is over. */
  function goBack(task: HeldTask, isRefused: boolean): void {
    if (isRefused) delays.begin(task.id);
    else queue.putBack(task);
  }

  /**
   * Claims the first task in line that can be sent, and waits for its place among those that were claimed late. A canceled
   * task, or one that is refused for its own sake, costs no slot: the next one takes it. null when none is left, or a claim
   * is in doubt: the database's trouble outlasts the slot.
   */
  async function claimNext(signal: AbortSignal): Promise<Claimed | null> {
    claimsUnderWay += 1;
    try {
      while (!signal.aborted) {
        const task = queue.take();
        if (task === null) return null;
        underWay.add(task.id);
        const claimed = await claims.claim(task);
        if (claimed.kind === 'to send') {
          await sendWindow.enter();
          return claimed;
        }
        if (claimed.kind === 'rejected') track(end(task, claimed.attempt, claimed.outcome));
        else underWay.delete(task.id);
        if (claimed.kind === 'refused') delays.begin(task.id);
        if (claimed.kind === 'in doubt') return null;
      }
      return null;
    } finally {
      claimsUnderWay -= 1;
      news.wake();
    }
  }

  async function send(
    taskId: string,
    request: Parameters<Upstream['create']>[0],
    pass: Pass,
  ): Promise<SubmissionOutcome> {
    troubles.began(taskId);
    const outcome = await create(request);
    if (outcome.kind !== 'accepted' && isRateRefusal(outcome.error)) budget.refused();
    troubles.judge(taskId, outcome, pass);
    return outcome;
  }

  async function create(request: Parameters<Upstream['create']>[0]): Promise<SubmissionOutcome> {
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

  return {
    add,
    fill,
    /** A task was canceled. Without this hint its claim finds nothing. */
    drop: queue.remove,
    order: (): HeldOrder => ({ kind, taskIds: queue.order(), held, perSecond: budget.perSecond() }),
    /** Runs until the signal aborts and everything under way is recorded. */
    async run(signal: AbortSignal): Promise<void> {
      await submitAll(signal).catch(() => {});
      while (running.size > 0) await Promise.all(running);
    },
  };
}
