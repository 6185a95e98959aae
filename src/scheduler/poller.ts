import type { Clock } from '../kit/clock.ts';
import type { Observation } from '../domain/learning/completion-model.ts';
import type { CompletionModels } from '../domain/learning/completion-models.ts';
import { isUnknownTask } from '../domain/task/following.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import { isAccountTrouble, isRateRefusal } from '../domain/task/submission.ts';
import { taskKinds, type TaskKind } from '../domain/task/task.ts';
import { UpstreamCallError, type DescribeAnswer, type Upstream } from '../domain/upstream.ts';
import { createBackoff } from '../kit/backoff.ts';
import type { Logger } from '../kit/logger.ts';
import { createTimeLimit } from '../kit/time-limit.ts';
import type { Database } from '../store/database.ts';
import { findFollowedTask, type FollowedTask } from '../store/following.ts';
import type { Applied } from '../tasks/apply-answer.ts';
import type { SchedulingUseCases } from '../tasks/scheduling.ts';
import type { Budgets } from './budgets.ts';
import type { CircuitBreaker, Pass } from './circuit-breaker.ts';
import type { FollowedTasks } from './followed-tasks.ts';
import { observedOf } from './pollable-task.ts';

export type PollerOptions = {
  followed: FollowedTasks;
  upstream: Upstream;
  database: Database;
  tasks: SchedulingUseCases;
  budgets: Budgets;
  /** What stops one kind may leave the others alone. */
  breakers: Record<TaskKind, CircuitBreaker>;
  models: CompletionModels;
  metrics: MetricsSink;
  clock: Clock;
  logger: Logger;
  /** Until when what is under way may still be recorded. */
  graceSignal: AbortSignal;
};

const recordPauses = { firstMs: 100, maxMs: 5_000 };
/** After the term's end. The next scheduler polls the task again, so what isn't recorded by then is not lost. */
const lateRecordsMs = 20_000;

/** Polls running tasks at the pace of the Describe budgets, in the order that the policy says, and records what they show. */
export function createPoller(options: PollerOptions) {
  const { followed, upstream, tasks, budgets, breakers, models, metrics, clock, logger, graceSignal } = options;
  const underWay = new Set<Promise<void>>();
  const givingUp = new AbortController();

  async function pollAll(kind: TaskKind, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const choice = followed.next(kind);
      if ('waitMs' in choice) {
        await followed.news.sleep(choice.waitMs, signal);
        continue;
      }
      const pass = await breakers[kind].pass(signal);
      await budgets.describe[kind].take(signal);
      const polling = poll(choice.id, pass)
        .catch((error: unknown) => logger.error({ taskId: choice.id, error: String(error) }, 'A poll broke off.'))
        .finally(() => underWay.delete(polling));
      underWay.add(polling);
    }
  }

  async function poll(id: string, pass: Pass): Promise<void> {
    const polled = followed.find(id);
    if (polled === null) return pass.undecided();
    const sentAt = new Date(clock.now());
    followed.pollBegan(id);
    try {
      const answer = await upstream
        .describe(polled.task.kind, polled.upstreamTaskId)
        .finally(() => followed.pollEnded(id));
      pass.worked();
      followed.hasAnswered(polled, sentAt);
      // Read again: its polls may have been recorded meanwhile.
      await takeAnswer(followed.find(id) ?? polled, answer, sentAt);
    } catch (error) {
      await takeError(followed.find(id) ?? polled, error, sentAt, pass);
    }
  }

  async function takeAnswer(before: FollowedTask, answer: DescribeAnswer, sentAt: Date): Promise<void> {
    const observation = observationOf(answer.status);
    // Of an end without files, the first answer that said so counts.
    const isRepeated = before.emptyDoneSince !== null;
    // A task that was given up is polled too seldom to teach anything.
    const observed =
      before.task.state === 'submitted' && !isRepeated
        ? models.ofTask(before.task).observe(observedOf(before, sentAt), observation, sentAt)
        : before;
    const { lastWaitAt, runStartedAt } = observed;
    const since = before.lastUnfinishedAt ?? before.task.submittedAt;
    if (observation === 'ended' && !isRepeated && since !== null)
      metrics.endDetected(before.task.kind, (sentAt.getTime() - since.getTime()) / 1_000);
    const after = { ...before, lastWaitAt, runStartedAt };
    await settle(after, () => tasks.applyAnswer(after, answer, sentAt));
  }

  async function takeError(before: FollowedTask, error: unknown, sentAt: Date, pass: Pass): Promise<void> {
    if (!(error instanceof UpstreamCallError)) {
      pass.undecided();
      followed.hasFailed(before, sentAt);
      throw error;
    }
    if (isUnknownTask(error)) return await takeUnknown(before, error, sentAt, pass);
    if (isAccountTrouble(error) || error.phase === 'not-connected') pass.failed(`${error.code}: ${error.message}`);
    else pass.undecided();
    logger.warn({ taskId: before.task.id, code: error.code, requestId: error.requestId }, 'A Describe did not work.');
    if (!isRateRefusal(error)) return followed.hasFailed(before, sentAt);
    // Refused for the rate alone: it keeps its place.
    budgets.describe[before.task.kind].refused();
    followed.queue(before);
  }

  async function takeUnknown(before: FollowedTask, error: UpstreamCallError, sentAt: Date, pass: Pass): Promise<void> {
    const { isBelieved, trouble } = followed.isUnknown(before, sentAt);
    if (trouble === null) pass.worked();
    else if (before.task.state === 'ended') pass.undecided();
    else pass.failed(trouble);
    await settle(before, () => tasks.applyMissing(before, error, sentAt, isBelieved));
  }

  /** Records an answer, however long the database is away, and decides whether the task is polled again. */
  async function settle(before: FollowedTask, apply: () => Promise<Applied>): Promise<void> {
    const { id } = before.task;
    const applied = await untilRecorded(apply, id);
    if (applied === null) return;
    if (applied.refused) return followed.leaveAlone(before);
    if (!applied.lost) return followed.keep({ ...before, ...applied.followed });
    followed.drop(before);
    const now = await findFollowedTask(options.database, upstream.account, id);
    if (now !== null) followed.follow(now);
  }

  async function untilRecorded(apply: () => Promise<Applied>, id: string): Promise<Applied | null> {
    const { signal } = givingUp;
    const backoff = createBackoff(recordPauses);
    while (!signal.aborted) {
      try {
        return await apply();
      } catch (error) {
        logger.error({ taskId: id, error: String(error) }, 'An answer is not yet recorded.');
        await clock.sleep(backoff.nextMs(), signal).catch(() => {});
      }
    }
    return null;
  }

  return {
    /** Runs until the signal aborts and every answer under way is recorded, or given up. */
    async run(signal: AbortSignal): Promise<void> {
      await Promise.allSettled(taskKinds.map((kind) => pollAll(kind, signal)));
      using limit = createTimeLimit(clock, lateRecordsMs, graceSignal);
      void limit.passed.then(() => givingUp.abort());
      await Promise.all(underWay);
    },
  };
}

function observationOf(status: string): Observation {
  if (status === 'DONE' || status === 'FAIL') return 'ended';
  return status === 'WAIT' || status === 'RUN' ? status : 'unfinished';
}
