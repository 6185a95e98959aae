import type { Clock } from '../clock.ts';
import type { HeldOrder } from '../domain/held-order.ts';
import type { Lease } from '../domain/lease.ts';
import { isRateRefusal, outcomeOfError, type SubmissionOutcome } from '../domain/submission.ts';
import type { TaskKind } from '../domain/task.ts';
import { UpstreamCallError, type Upstream } from '../domain/upstream.ts';
import type { Logger } from '../logger.ts';
import type { Claim, FoundHeld, HeldTask, SchedulingUseCases } from '../tasks/scheduling.ts';
import { createCreateTroubles } from './create-troubles.ts';
import { createHeldQueue } from './held-queue.ts';
import type { Pacer } from './pacer.ts';
import { createRests } from './rests.ts';
import { createSendWindow } from './send-window.ts';
import type { Pass, TroubleGate } from './trouble-gate.ts';
import { createWakeUp } from './wake-up.ts';

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
 * Calls that have got their budget and wait for their claim: a database that stands still holds up no more of them, which
 * then would go out together. Four are enough for 20 a second when a claim takes 200 ms.
 */
const mostClaims = 4;
const idleMs = 1_000;
const undoPauseMs = 500;

/** Sends a kind's held tasks at the pace of its Create budget. Each is claimed first, and sent at most once per claim. */
export function createKindSubmission(options: KindSubmissionOptions) {
  const { kind, tasks, upstream, budget, gate, clock, machineClock = clock, logger, graceSignal } = options;
  const queue = createHeldQueue();
  const troubles = createCreateTroubles(clock);
  const rests = createRests(clock);
  const sendWindow = createSendWindow(options.limit, clock);
  const news = createWakeUp(clock);
  const underWay = new Map<string, Promise<void>>();
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
      const task = queue.take();
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
    const ready = await getReady(task);
    if (ready === null) return pass.undecided();
    const { claim, lateMs } = ready;
    const isSent = lateMs < longestClaimMs && 'request' in claim;
    const outcome = isSent ? await send(claim.taskId, claim.request, pass) : notSent(claim, lateMs);
    if (!isSent) pass.undecided();
    await tasks.recordOutcome(claim, outcome, graceSignal);
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

  /** Claims it, and waits for its place among those that were claimed late. null when it is not to be sent. */
  async function getReady(task: HeldTask): Promise<{ claim: Claim; lateMs: number } | null> {
    claims += 1;
    try {
      const issuedAt = { monotonic: clock.monotonic(), wall: machineClock.now() };
      const claim = await claimSurely(task);
      if (claim === null) return null;
      await sendWindow.enter();
      const lateMs = Math.max(clock.monotonic() - issuedAt.monotonic, Math.abs(machineClock.now() - issuedAt.wall));
      return { claim, lateMs };
    } finally {
      claims -= 1;
      news.wake();
    }
  }

  /** null when it is not to be sent. */
  async function claimSurely(task: HeldTask): Promise<Claim | null> {
    try {
      return await tasks.claim(task.id, options.lease.epoch);
    } catch (error) {
      logger.warn(
        { taskId: task.id, error: String(error) },
        'It is in doubt whether a task was claimed; it is not sent.',
      );
      await undoClaim(task);
      return null;
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

  async function undoClaim(task: HeldTask): Promise<void> {
    while (!graceSignal.aborted) {
      // The claim may still be on its way.
      await clock.sleep(undoPauseMs, graceSignal).catch(() => {});
      try {
        await tasks.undoClaim(task.id, options.lease.epoch);
        return;
      } catch {
        // The database is still away.
      }
    }
  }

  return {
    add,
    fill,
    order: (): HeldOrder => ({ kind, taskIds: queue.order(), held, perSecond: budget.perSecond() }),
    /** Runs until the signal aborts and everything under way is recorded. */
    async run(signal: AbortSignal): Promise<void> {
      await submitAll(signal).catch(() => {});
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
