import type { Clock } from '../kit/clock.ts';
import type { HeldOrder } from '../domain/task/held-order.ts';
import type { Lease } from '../domain/lease.ts';
import type { TaskRequest } from '../domain/request/request.ts';
import { isRateRefusal, outcomeOfError, type Attempt, type SubmissionOutcome } from '../domain/task/submission.ts';
import { RefusedRecordError } from '../domain/task/refused-record.ts';
import type { TaskKind } from '../domain/task/task.ts';
import { UpstreamCallError, type Upstream } from '../domain/upstream.ts';
import type { Logger } from '../kit/logger.ts';
import type { FoundHeld, HeldTask } from '../store/submitting.ts';
import type { Claim, SchedulingUseCases } from '../tasks/scheduling.ts';
import { createCreateTroubles } from './create-troubles.ts';
import { createHeldQueue } from './held-queue.ts';
import type { Pacer } from './pacer.ts';
import { createRests } from './rests.ts';
import { createSendWindow } from './send-window.ts';
import type { Pass, TroubleGate } from './trouble-gate.ts';
import { createWakeUp } from '../kit/wake-up.ts';

export type KindSubmissionOptions = {
  lease: Lease;
  upstream: Upstream;
  tasks: Pick<SchedulingUseCases, 'claim' | 'undoClaim' | 'recordOutcome'>;
  kind: TaskKind;
  budget: Pacer;
  /** Requests a second that the upstream takes. */
  limit: number;
  gate: TroubleGate;
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
 * A process that was frozen after its claim was committed may wake up when somebody else has already given the task up:
 * it must not send then.
 */
const longestClaimMs = 2_000;
/**
 * Slots of the budget that wait for a claim: a database that stands still holds up no more of them, which then would go
 * out together. Four are enough for 20 a second when a claim takes 200 ms.
 */
const mostClaims = 4;
const idleMs = 1_000;
const undoPauseMs = 500;

/** A task that may be sent now: its claim is committed, and so long ago. */
type Claimed = { task: HeldTask; claim: Attempt & { request: TaskRequest }; lateMs: number };

/** Sends a kind's held tasks at the pace of its Create budget. Each is claimed first, and sent at most once per claim. */
export function createKindSubmission(options: KindSubmissionOptions) {
  const { kind, tasks, upstream, budget, gate, clock, machineClock = clock, logger, graceSignal } = options;
  const queue = createHeldQueue();
  const troubles = createCreateTroubles(clock);
  const rests = createRests(clock);
  const sendWindow = createSendWindow(options.limit, clock);
  const news = createWakeUp(clock);
  /** Tasks that are being claimed, sent or recorded. */
  const underWay = new Set<string>();
  const running = new Set<Promise<void>>();
  let claims = 0;
  /** More waits in the table: a new task must not get ahead of its owner's older ones there. */
  let isPartial = false;
  /** In all, at the last look. */
  let held = 0;

  function add(task: HeldTask): void {
    if (queue.size >= heldWindow) isPartial = true;
    if (!isPartial) enter(task);
  }

  function fill(found: FoundHeld): void {
    isPartial = !found.isAll;
    held = found.held;
    for (const task of found.tasks) enter(task);
  }

  function enter(task: HeldTask): void {
    if (underWay.has(task.id) || rests.isResting(task.id)) return;
    queue.add(task);
    news.wake();
  }

  async function submitAll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (queue.size === 0 || claims >= mostClaims) {
        await news.sleep(idleMs, signal);
        continue;
      }
      const pass = await gate.pass(signal);
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
    const { task, claim, lateMs } = claimed;
    const isSent = lateMs < longestClaimMs;
    const outcome = isSent ? await send(task.id, claim.request, pass) : staleClaim(lateMs);
    if (!isSent) pass.undecided();
    await end(task, claim, outcome);
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
    // One that was refused works now: so may the others.
    else if (rests.end(task.id) && outcome.kind === 'accepted') rests.endAll();
  }

  /** A refused one rests, and then comes after its owner's others: the next look at the table finds it. */
  function goBack(task: HeldTask, isRefused: boolean): void {
    if (isRefused) rests.begin(task.id);
    else queue.putBack(task);
  }

  /**
   * Claims the first task in line that is to be sent, and waits for its place among those that were claimed late. One that
   * is found to be canceled, or is refused for its own sake, costs no slot: the next one has it. null when none is left, or
   * when a claim is in doubt: what is wrong with the database takes too long for the slot.
   */
  async function claimNext(signal: AbortSignal): Promise<Claimed | null> {
    claims += 1;
    try {
      while (!signal.aborted) {
        const task = queue.take();
        if (task === null) return null;
        const issuedAt = { monotonic: clock.monotonic(), wall: machineClock.now() };
        const claim = await claimSurely(task);
        if (claim === 'in doubt') return null;
        if (claim === null) continue;
        if ('refusal' in claim) {
          track(end(task, claim, { kind: 'rejected', error: claim.refusal }));
          continue;
        }
        await sendWindow.enter();
        const lateMs = Math.max(clock.monotonic() - issuedAt.monotonic, Math.abs(machineClock.now() - issuedAt.wall));
        return { task, claim, lateMs };
      }
      return null;
    } finally {
      claims -= 1;
      news.wake();
    }
  }

  /** null when it is not to be sent. What was claimed is under way until it is recorded. */
  async function claimSurely(task: HeldTask): Promise<Claim | null | 'in doubt'> {
    underWay.add(task.id);
    try {
      const claim = await tasks.claim(task.id, options.lease.epoch);
      if (claim === null) underWay.delete(task.id);
      return claim;
    } catch (error) {
      if (error instanceof RefusedRecordError) return passOver(task, error);
      logger.warn(
        { taskId: task.id, error: String(error) },
        'It is in doubt whether a task was claimed; it is not sent.',
      );
      await undoClaim(task);
      underWay.delete(task.id);
      return 'in doubt';
    }
  }

  /** PostgreSQL refuses its claim, surely: it rests, and takes no place from the others. */
  function passOver(task: HeldTask, { sqlState }: RefusedRecordError): null {
    logger.error({ taskId: task.id, sqlState }, 'PostgreSQL refuses to let a task be sent; it is tried again later.');
    rests.begin(task.id);
    underWay.delete(task.id);
    return null;
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

  async function undoClaim(task: HeldTask): Promise<void> {
    while (!graceSignal.aborted) {
      // The claim may still be on its way.
      await clock.sleep(undoPauseMs, graceSignal).catch(() => {});
      try {
        await tasks.undoClaim(task.id, options.lease.epoch);
        return;
      } catch (error) {
        // It is found by its age, as after a crash. Anything else: the database is still away.
        if (error instanceof RefusedRecordError) return;
      }
    }
  }

  return {
    add,
    fill,
    /** A task was canceled: its place in line is free. One that is not heard of is found out when it is claimed. */
    drop: queue.remove,
    order: (): HeldOrder => ({ kind, taskIds: queue.order(), held, perSecond: budget.perSecond() }),
    /** Runs until the signal aborts and everything under way is recorded. */
    async run(signal: AbortSignal): Promise<void> {
      await submitAll(signal).catch(() => {});
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function staleClaim(lateMs: number): SubmissionOutcome {
  const message = `The process stood still for ${Math.round(lateMs)} ms before it could send the task.`;
  return {
    kind: 'held-back',
    pausesAccount: false,
    error: new UpstreamCallError('not-connected', 'STALE_CLAIM', message),
  };
}
