import { InvalidInputError, TemporarilyUnavailableError, UpstreamTaskNotFoundError } from '../domain/errors.ts';
import { isUnknownTask } from '../domain/task/following.ts';
import type { InputIssue } from '../domain/request/input-issue.ts';
import { quotaOf } from '../domain/task/quota.ts';
import { maxWordLength } from '../domain/request/request-bounds.ts';
import { isCorrectable, taskKinds, type Caller, type Task, type TaskKind } from '../domain/task/task.ts';
import { UpstreamCallError, type DescribeAnswer } from '../domain/upstream.ts';
import { isRecorded } from '../store/find-tasks.ts';
import { insertAdoptedTask, insertWithinQuota, type Insertion } from '../store/insert-task.ts';
import { recordProgress } from '../store/progress.ts';
import { findFullQuota } from '../store/quota-use.ts';
import { applyAnswer } from './apply-answer.ts';
import type { TaskDependencies } from './dependencies.ts';
import { findTask, findTasksByUpstreamId } from './find-tasks.ts';
import { pollEndedTask } from './poll-ended-task.ts';
import { refusalOf } from './quota-refusal.ts';

type TrackInput = { upstreamTaskId: string; kind: TaskKind | null };

/**
 * Adopts a task that was made elsewhere. It is polled first, if there is room, and a foreign task is answered like an
 * unknown one, so that no caller learns whose it is. One of the caller's own is answered as it is, unless it has ended in a
 * way that evidence may correct: then it is polled again. Throws UpstreamTaskNotFoundError, InvalidInputError,
 * QuotaExceededError; where the upstream can't be asked now TemporarilyUnavailableError, or TooManyAtOnceError where too
 * many of the caller's wait.
 */
export async function trackTask(dependencies: TaskDependencies, caller: Caller, input: TrackInput): Promise<Task> {
  const { database, account, announcer, quotas } = dependencies;
  const { owner, shareGroup } = caller;
  const kind = checkInput(input);
  const { upstreamTaskId } = input;
  const [own] = await findTasksByUpstreamId(dependencies, caller, [upstreamTaskId]);
  if (own) return await answerOwn(dependencies, caller, own);
  const quota = quotaOf(quotas, owner);
  const full = await findFullQuota(database, { owner, account }, quota);
  if (full !== null) throw await refusalOf(dependencies, owner, full);

  const sentAt = new Date(dependencies.clock.now());
  const answer = await pollUnknown(dependencies, kind, upstreamTaskId, caller);
  const id = await dependencies.createTaskId();
  const task = { id, owner, shareGroup, account, kind, upstreamTaskId };
  const insertion = await insertWithinQuota(database, task, quota, (open) => insertAdoptedTask(open, task));
  if (insertion !== 'recorded') return await findMeanwhile(dependencies, caller, upstreamTaskId, insertion);
  announcer.changed({ id, owner, revision: 1 });
  const { followed } = await applyAnswer(dependencies, adopted(id, kind), answer, sentAt);
  // An answer that moved nothing is only counted so far: without the count it is not known that the task had not ended by then.
  await recordProgress(database, [followed]);
  announcer.followed(id);
  const tracked = await findTask(dependencies, caller, id);
  if (tracked === null) throw new Error('A task that was just adopted is not there.');
  return tracked;
}

async function answerOwn(dependencies: TaskDependencies, caller: Caller, own: Task): Promise<Task> {
  if (!isCorrectable(own) || own.upstreamTaskId === null) return own;
  const { kind, upstreamTaskId } = own;
  return await pollEndedTask(dependencies, caller, own, () => describe(dependencies, kind, upstreamTaskId, caller));
}

/** Why it was not recorded: the caller tracked it at the same time, another owner has it, or the room was taken. */
async function findMeanwhile(
  dependencies: TaskDependencies,
  caller: Caller,
  upstreamTaskId: string,
  insertion: Exclude<Insertion, 'recorded'>,
): Promise<Task> {
  const { database, account } = dependencies;
  const [meanwhile] = await findTasksByUpstreamId(dependencies, caller, [upstreamTaskId]);
  if (meanwhile) return meanwhile;
  // First, and full or not: a refusal for want of room would show a foreign task not to be an unknown one.
  const isForeign = insertion === 'present' || (await isRecorded(database, account, upstreamTaskId));
  if (isForeign) throw new UpstreamTaskNotFoundError();
  throw await refusalOf(dependencies, caller.owner, insertion);
}

function adopted(id: string, kind: TaskKind) {
  return {
    task: {
      id,
      kind,
      state: 'submitted',
      status: 'WAIT',
      request: null,
      submittedAt: null,
      endedAt: null,
      failure: null,
    },
    lastUnfinishedAt: null,
    lastPolledAt: null,
    unrecordedPolls: 0,
    missingCount: 0,
    missingSince: null,
    emptyDoneSince: null,
  } as const;
}

async function pollUnknown(
  dependencies: TaskDependencies,
  kind: TaskKind,
  upstreamTaskId: string,
  caller: Caller,
): Promise<DescribeAnswer> {
  try {
    return await describe(dependencies, kind, upstreamTaskId, caller);
  } catch (error) {
    if (error instanceof UpstreamCallError) throw new UpstreamTaskNotFoundError();
    throw error;
  }
}

/** Throws an UpstreamCallError only where the upstream knows no such task. */
async function describe(
  dependencies: TaskDependencies,
  kind: TaskKind,
  upstreamTaskId: string,
  caller: Caller,
): Promise<DescribeAnswer> {
  try {
    return await dependencies.describe(kind, upstreamTaskId, caller);
  } catch (error) {
    if (!(error instanceof UpstreamCallError) || isUnknownTask(error)) throw error;
    throw new TemporarilyUnavailableError(
      'The upstream could not be asked after this task. Nothing was recorded; try again.',
      {
        cause: error,
      },
    );
  }
}

/** The kind, from the id where it is in there: 4-AigcImage-…, 4-AigcVideo-…, 24000145-AigcAudio-… */
function checkInput({ upstreamTaskId, kind }: TrackInput): TaskKind {
  const parsed = taskKinds.find((known) => upstreamTaskId.toUpperCase().includes(`-AIGC${known}-`));
  const issues: InputIssue[] = [];
  if (upstreamTaskId.trim() === '') {
    issues.push({ path: ['upstreamTaskId'], code: 'REQUIRED', message: 'Give the TaskId that the upstream answered.' });
  } else if (upstreamTaskId.length > maxWordLength) {
    const message = `A TaskId has at most ${maxWordLength} characters.`;
    issues.push({ path: ['upstreamTaskId'], code: 'TOO_LONG', message });
  } else if (!/^[\x21-\x7e]+$/.test(upstreamTaskId)) {
    const message = 'A TaskId consists of printable ASCII characters without spaces.';
    issues.push({ path: ['upstreamTaskId'], code: 'MALFORMED', message });
  } else if (parsed === undefined && kind === null) {
    const message = 'This TaskId does not tell whether it is an image, a video or an audio task: give its kind.';
    issues.push({ path: ['kind'], code: 'REQUIRED', message });
  } else if (parsed !== undefined && kind !== null && parsed !== kind) {
    const message = `The TaskId is of an ${parsed} task; leave kind out or give ${parsed}.`;
    issues.push({ path: ['kind'], code: 'NOT_ALLOWED', message });
  }
  const known = parsed ?? kind;
  if (issues.length > 0 || known === null) throw new InvalidInputError(issues);
  return known;
}
