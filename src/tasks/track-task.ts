import { v7 as createId } from 'uuid';
import { InvalidInputError, TemporarilyUnavailableError, UpstreamTaskNotFoundError } from '../domain/errors.ts';
import { isUnknownTask } from '../domain/following.ts';
import type { InputIssue } from '../domain/input-issue.ts';
import { taskKinds, type Caller, type Task, type TaskKind } from '../domain/task.ts';
import { UpstreamCallError, type DescribeAnswer } from '../domain/upstream.ts';
import { insertAdoptedTask } from '../store/insert-task.ts';
import { recordProgress } from '../store/progress.ts';
import { applyAnswer } from './apply-answer.ts';
import type { TaskDependencies } from './dependencies.ts';
import { findTask, findTasksByUpstreamId } from './find-tasks.ts';

type TrackInput = { upstreamTaskId: string; kind: TaskKind | null };

const longestUpstreamTaskId = 255;

/**
 * Adopts a task that was made elsewhere. The upstream is asked first, and a foreign task is answered like an unknown
 * one, so that nobody learns whose it is.
 */
export async function trackTask(dependencies: TaskDependencies, caller: Caller, input: TrackInput): Promise<Task> {
  const { database, account, announcer } = dependencies;
  const kind = checkInput(input);
  const { upstreamTaskId } = input;
  const [own] = await findTasksByUpstreamId(dependencies, caller, [upstreamTaskId]);
  if (own) return own;

  const sentAt = new Date(dependencies.clock.now());
  const answer = await ask(dependencies, kind, upstreamTaskId);
  const id = createId();
  if (!(await insertAdoptedTask(database, { id, owner: caller.owner, account, kind, upstreamTaskId }))) {
    const [meanwhile] = await findTasksByUpstreamId(dependencies, caller, [upstreamTaskId]);
    if (meanwhile) return meanwhile;
    throw new UpstreamTaskNotFoundError();
  }
  announcer.changed({ id, owner: caller.owner, revision: 1 });
  const { followed } = await applyAnswer(dependencies, adopted(id, kind), answer, sentAt);
  // An answer that moved nothing is only counted so far: without it nobody knows that the task had not ended by then.
  await recordProgress(database, [followed]);
  announcer.followed(id);
  const task = await findTask(dependencies, caller, id);
  if (task === null) throw new Error('A task that was just adopted is not there.');
  return task;
}

function adopted(id: string, kind: TaskKind) {
  return {
    task: { id, kind, state: 'submitted', status: 'WAIT', request: null, submittedAt: null, failure: null },
    lastUnfinishedAt: null,
    lastPolledAt: null,
    unrecordedPolls: 0,
    missingCount: 0,
    missingSince: null,
  } as const;
}

async function ask({ scheduling }: TaskDependencies, kind: TaskKind, upstreamTaskId: string): Promise<DescribeAnswer> {
  try {
    return await scheduling.describe(kind, upstreamTaskId);
  } catch (error) {
    if (!(error instanceof UpstreamCallError)) throw error;
    if (isUnknownTask(error)) throw new UpstreamTaskNotFoundError();
    throw new TemporarilyUnavailableError(
      'The upstream could not be asked after this task. Nothing was recorded; try again.',
      {
        cause: error,
      },
    );
  }
}

/** The kind, from the id where that tells it: 4-AigcImage-…, 4-AigcVideo-…, 24000145-AigcAudio-… */
function checkInput({ upstreamTaskId, kind }: TrackInput): TaskKind {
  const told = taskKinds.find((known) => upstreamTaskId.toUpperCase().includes(`-AIGC${known}-`));
  const issues: InputIssue[] = [];
  if (upstreamTaskId.trim() === '') {
    issues.push({ path: ['upstreamTaskId'], code: 'REQUIRED', message: 'Give the TaskId that the upstream answered.' });
  } else if (upstreamTaskId.length > longestUpstreamTaskId) {
    const message = `A TaskId has at most ${longestUpstreamTaskId} characters.`;
    issues.push({ path: ['upstreamTaskId'], code: 'TOO_LONG', message });
  } else if (!/^[\x21-\x7e]+$/.test(upstreamTaskId)) {
    const message = 'A TaskId consists of printable ASCII characters without spaces.';
    issues.push({ path: ['upstreamTaskId'], code: 'MALFORMED', message });
  } else if (told === undefined && kind === null) {
    const message = 'This TaskId does not tell whether it is an image, a video or an audio task: give its kind.';
    issues.push({ path: ['kind'], code: 'REQUIRED', message });
  } else if (told !== undefined && kind !== null && told !== kind) {
    const message = `The TaskId is of an ${told} task; leave kind out or give ${told}.`;
    issues.push({ path: ['kind'], code: 'NOT_ALLOWED', message });
  }
  const known = told ?? kind;
  if (issues.length > 0 || known === null) throw new InvalidInputError(issues);
  return known;
}
