import type { AnswerLog } from '../domain/answer-log.ts';
import { failures } from '../domain/failures.ts';
import { failWith, type GuardedMove } from '../domain/moves.ts';
import { moveOfOutcome, type Attempt, type SubmissionOutcome } from '../domain/submission.ts';
import { releaseAttempt } from '../store/submitting.ts';
import type { TaskDependencies } from './dependencies.ts';
import { makeMove, type MoveDependencies } from './make-move.ts';

export type OutcomeDependencies = MoveDependencies & Pick<TaskDependencies, 'clock'> & { answerLog: AnswerLog };

/** Short, so that what is paid for is recorded before anybody gives it up (see the scheduler's sweep). */
const pauseMs = { first: 100, longest: 1_000 };

/**
 * Records what came of a Create, trying again while the database is away, until the signal aborts. A TaskId is kept on
 * disk meanwhile: it stands for something that is paid for.
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
      await recordOnce(dependencies, attempt, outcome);
      return;
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

/** False when the disk can't be written either: then it is at least in the log, and tried again. */
async function keepOnDisk(
  { answerLog, logger }: OutcomeDependencies,
  attempt: Attempt,
  { answer, answeredAt }: Extract<SubmissionOutcome, { kind: 'accepted' }>,
): Promise<boolean> {
  try {
    await answerLog.append({ ...attempt, ...answer, answeredAt });
    return true;
  } catch (error) {
    logger.error({ ...attempt, ...answer, error: String(error) }, 'A TaskId could not be written to disk.');
    return false;
  }
}

async function recordOnce(
  dependencies: OutcomeDependencies,
  attempt: Attempt,
  outcome: SubmissionOutcome,
): Promise<void> {
  const change = moveOfOutcome(attempt, outcome);
  if (change === null) return await returnToQueue(dependencies, attempt);
  if (await moveAndFollow(dependencies, attempt, change, outcome)) return;
  dependencies.logger.warn(
    { ...attempt, outcome: outcome.kind },
    'The outcome of a Create came too late, or its TaskId already stands for another task.',
  );
}

async function moveAndFollow(
  dependencies: OutcomeDependencies,
  { taskId }: Attempt,
  change: GuardedMove,
  { kind }: SubmissionOutcome,
): Promise<boolean> {
  const moved = await makeMove(dependencies, taskId, change);
  // Whoever sent it may have lost the lease meanwhile: then another is to ask after it.
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

/**
 * At start: records the TaskIds that an earlier process wrote to disk. Answers how many were recovered: the others had
 * been recorded before, or came too late.
 */
export async function replayAnswerLog(dependencies: OutcomeDependencies): Promise<number> {
  const answers = await dependencies.answerLog.readAll();
  let recovered = 0;
  for (const { taskId, attempt: number, answeredAt, ...answer } of answers) {
    const attempt = { taskId, attempt: number };
    const outcome = { kind: 'accepted', answer, answeredAt } as const;
    const change = moveOfOutcome(attempt, outcome);
    if (change !== null && (await moveAndFollow(dependencies, attempt, change, outcome))) recovered += 1;
    else dependencies.logger.warn({ ...attempt, ...answer }, 'A TaskId on disk had been recorded, or came too late.');
  }
  if (answers.length > 0) await dependencies.answerLog.clear();
  return recovered;
}
