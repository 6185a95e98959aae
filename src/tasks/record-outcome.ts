import type { AnswerLog, LoggedAnswer } from '../domain/answer-log.ts';
import { failures } from '../domain/task/failures.ts';
import { failWith, type GuardedMove } from '../domain/task/moves.ts';
import { gatewayErrorsOf, moveOfOutcome, type Attempt, type SubmissionOutcome } from '../domain/task/submission.ts';
import { isDataError } from '../store/data-error.ts';
import { releaseAttempt } from '../store/submitting.ts';
import type { TaskDependencies } from './dependencies.ts';
import { makeMove, type MoveDependencies } from './make-move.ts';

export type OutcomeDependencies = MoveDependencies & Pick<TaskDependencies, 'clock'> & { answerLog: AnswerLog };

/** Short, so that what is paid for is recorded before the scheduler's sweep gives it up. */
const pauseMs = { first: 100, longest: 1_000 };

/**
 * What came of the recording. `late`: the attempt is over, or the TaskId already stands for another task.
 * `gateway-error`: PostgreSQL refuses it, and the task has ended so, with its TaskId if there is one. `refused`: it takes
 * not even that, and the TaskId is nowhere yet.
 */
export type Recorded = 'recorded' | 'late' | 'gateway-error' | 'refused';

/**
 * Records what came of a Create, trying again while the database is away, until the signal aborts. A TaskId is kept on
 * disk meanwhile: it stands for something that is paid for. What PostgreSQL refuses is not tried again.
 */
export async function recordOutcome(
  dependencies: OutcomeDependencies,
  attempt: Attempt,
  outcome: SubmissionOutcome,
  signal: AbortSignal,
): Promise<void> {
  let logged = false;
  for (let pause = pauseMs.first; ; pause = Math.min(2 * pause, pauseMs.longest)) {
    try {
      return await setAsideOrLog(dependencies, attempt, outcome, await recordOnce(dependencies, attempt, outcome));
    } catch (error) {
      dependencies.logger.error(
        { taskId: attempt.taskId, error: String(error) },
        'The outcome of a Create is not yet recorded.',
      );
      if (outcome.kind === 'accepted' && !logged) logged = await keepOnDisk(dependencies, attempt, outcome);
      if (signal.aborted) return;
      await dependencies.clock.sleep(pause, signal).catch(() => {});
    }
  }
}

type Accepted = Extract<SubmissionOutcome, { kind: 'accepted' }>;

/** False when the disk can't be written either: then it is at least in the log, and tried again. */
async function keepOnDisk({ answerLog, logger }: OutcomeDependencies, attempt: Attempt, outcome: Accepted) {
  const answer = answerOf(attempt, outcome);
  try {
    await answerLog.append(answer);
    return true;
  } catch (error) {
    logger.error({ ...answer, error: String(error) }, 'A TaskId could not be written to disk.');
    return false;
  }
}

function answerOf(attempt: Attempt, { answer, answeredAt }: Accepted): LoggedAnswer {
  return { ...attempt, ...answer, answeredAt };
}

async function setAsideOrLog(
  { answerLog, logger }: OutcomeDependencies,
  attempt: Attempt,
  outcome: SubmissionOutcome,
  recorded: Recorded,
): Promise<void> {
  if (recorded === 'late')
    logger.warn(
      { ...attempt, outcome: outcome.kind },
      'The outcome of a Create came too late, or its TaskId already stands for another task.',
    );
  if (recorded !== 'refused' || outcome.kind !== 'accepted') return;
  // The last place for it; the log has it in any case.
  const answer = answerOf(attempt, outcome);
  const file = answerLog.rejectedPath;
  logger.error({ ...answer, file }, 'PostgreSQL refuses a TaskId: it is set aside in this file.');
  await answerLog.reject([JSON.stringify(answer)]).catch((error: unknown) => {
    logger.error({ taskId: attempt.taskId, file, error: String(error) }, 'A TaskId could not be set aside on disk.');
  });
}

/** Tries once. Throws when the database is away; what it refuses ends the task. */
export async function recordOnce(
  dependencies: OutcomeDependencies,
  attempt: Attempt,
  outcome: SubmissionOutcome,
): Promise<Recorded> {
  try {
    const change = moveOfOutcome(attempt, outcome);
    if (change !== null) return (await moveAndFollow(dependencies, attempt, change, outcome)) ? 'recorded' : 'late';
    await returnToQueue(dependencies, attempt);
    return 'recorded';
  } catch (error) {
    if (!isDataError(error)) throw error;
    const refused = { taskId: attempt.taskId, sqlState: error.code, constraint: error.constraint };
    dependencies.logger.error(refused, 'PostgreSQL refuses to record what came of a Create; the task ends.');
    return await endAsGatewayError(dependencies, attempt, outcome);
  }
}

async function endAsGatewayError(
  dependencies: OutcomeDependencies,
  attempt: Attempt,
  outcome: SubmissionOutcome,
): Promise<Recorded> {
  for (const change of gatewayErrorsOf(attempt, outcome)) {
    try {
      const isMoved = await moveAndFollow(dependencies, attempt, change, outcome);
      const isKept = outcome.kind !== 'accepted' || change.move.upstreamTaskId !== undefined;
      return isKept ? (isMoved ? 'gateway-error' : 'late') : 'refused';
    } catch (error) {
      if (!isDataError(error)) throw error;
    }
  }
  return 'refused';
}

async function moveAndFollow(
  dependencies: OutcomeDependencies,
  { taskId }: Attempt,
  change: GuardedMove,
  { kind }: SubmissionOutcome,
): Promise<boolean> {
  const moved = await makeMove(dependencies, taskId, change);
  // This process may have lost the lease meanwhile: then another one is to poll it.
  if (moved && kind === 'accepted') dependencies.announcer.followed(taskId);
  return moved;
}

/** The task is held again, or ends as canceled when that was asked for while it was being sent. */
export async function returnToQueue(dependencies: MoveDependencies, attempt: Attempt): Promise<void> {
  if (await releaseAttempt(dependencies.database, attempt)) return;
  await makeMove(dependencies, attempt.taskId, {
    guard: { states: ['submitting'], attempt: attempt.attempt, cancelRequested: true },
    move: failWith(failures.canceled()),
  });
}
