import { describe, expect, test } from 'vitest';
import {
  afterAnswer,
  afterMissing,
  deadlineMs,
  documentedResultLifeMs,
  isUnknownTask,
  isWorthPolling,
  moveOfAnswer,
  moveOfMissing,
  type Followed,
} from '../../src/domain/task/following.ts';
import { failureOf } from '../../src/domain/task/failures.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';
import type { TaskFailureCode } from '../../src/domain/task/task.ts';
import { UpstreamCallError, type DescribeAnswer } from '../../src/domain/upstream.ts';

const hourMs = 3_600_000;
const submittedAt = new Date('2026-01-15T12:00:00Z');
const later = (ms: number): Date => new Date(submittedAt.getTime() + ms);
const unknownTask = new UpstreamCallError('refused', 'ResourceNotFound.Task', 'No such task.', { requestId: 'r' });

function followed(task: Partial<Followed['task']> = {}, polls: Partial<Followed> = {}): Followed {
  const kind = task.kind ?? 'IMAGE';
  const request: TaskRequest = { kind, prompt: 'a lighthouse' };
  return {
    task: {
      id: 'a-task',
      kind,
      state: 'submitted',
      status: 'WAIT',
      request,
      submittedAt,
      endedAt: null,
      failure: null,
      ...task,
    },
    lastUnfinishedAt: null,
    lastPolledAt: null,
    unrecordedPolls: 0,
    missingCount: 0,
    missingSince: null,
    emptyDoneSince: null,
    ...polls,
  };
}

function answer(status: string, changes: Partial<DescribeAnswer> = {}): DescribeAnswer {
  return { status, message: null, files: [], resolution: null, requestId: 'request-9', ...changes };
}

function moveOf(before: Followed, said: DescribeAnswer, sentAt = later(1_000)) {
  return moveOfAnswer(before, said, sentAt, documentedResultLifeMs);
}

const file = { type: 'IMAGE', url: 'https://results.example.com/1.png', duration: null } as const;

describe('an answer', () => {
  test('moves a waiting task to RUN, once', () => {
    expect(moveOf(followed(), answer('RUN', { message: 'ok' }))).toEqual({
      guard: { states: ['submitted'], statuses: ['WAIT'] },
      move: { state: 'submitted', status: 'RUN', failure: null, message: 'ok', requestId: 'request-9' },
    });
    expect(moveOf(followed({ status: 'RUN' }), answer('RUN'))).toBeNull();
  });

  test.each(['WAIT', 'QUEUEING', 'wait', ''])('of %j moves nothing, neither forwards nor back', (status) => {
    expect(moveOf(followed(), answer(status))).toBeNull();
    expect(moveOf(followed({ status: 'RUN' }), answer(status))).toBeNull();
  });

  test('of DONE ends a task with its files, from WAIT as from RUN', () => {
    for (const status of ['WAIT', 'RUN'] as const) {
      const said = answer('DONE', { files: [file], resolution: '1920x1088', message: 'ok' });
      expect(moveOf(followed({ status }), said)).toMatchObject({
        guard: {
          states: ['submitted', 'ended'],
          failureCodes: ['SUBMISSION_UNCONFIRMED', 'TIMED_OUT', 'NOT_FOUND', 'GATEWAY_ERROR'],
        },
        move: { state: 'ended', status: 'DONE', failure: null, files: [file], resolution: '1920x1088', message: 'ok' },
      });
    }
  });

  test("of FAIL ends it with the upstream's reason", () => {
    const change = moveOf(followed(), answer('FAIL', { message: 'Invalid model name for music' }));
    expect(change?.move).toMatchObject({
      state: 'ended',
      status: 'FAIL',
      failure: { code: 'GENERATION_FAILED', message: 'Invalid model name for music', requestId: 'request-9' },
    });
    expect(moveOf(followed(), answer('FAIL'))?.move.failure?.message).toBe('The upstream gave no reason.');
  });

  test('that is not final moves nothing in a task that has ended', () => {
    const ended = followed({ state: 'ended', status: 'FAIL' });
    for (const status of ['WAIT', 'RUN']) expect(moveOf(ended, answer(status), later(1_000 * hourMs))).toBeNull();
  });

  test('is counted, and remembered as unfinished only where it is', () => {
    const before = followed({}, { missingCount: 2, missingSince: later(1) });
    const seen = { lastPolledAt: later(5), unrecordedPolls: 1, missingCount: 0, missingSince: null };
    expect(afterAnswer(before, answer('RUN'), later(5))).toMatchObject({ ...seen, lastUnfinishedAt: later(5) });
    expect(afterAnswer(before, answer('QUEUEING'), later(5))).toMatchObject({ ...seen, lastUnfinishedAt: later(5) });
    expect(afterAnswer(before, answer('DONE'), later(5))).toMatchObject({ ...seen, lastUnfinishedAt: null });
    expect(afterAnswer(before, answer('FAIL'), later(5))).toMatchObject({ ...seen, lastUnfinishedAt: null });
  });
});

describe('the deadline', () => {
  test.each([
    ['IMAGE', false, 6],
    ['AUDIO', false, 6],
    ['VIDEO', false, 24],
    ['VIDEO', true, 72],
  ] as const)('of %s (off-peak: %s) is %i hours after submission', (kind, offPeak, hours) => {
    const request: TaskRequest = kind === 'VIDEO' ? { kind, offPeak } : { kind };
    const task = followed({ kind, request, status: 'RUN' });
    expect(deadlineMs(kind, offPeak)).toBe(hours * hourMs);
    for (const status of ['WAIT', 'RUN', 'QUEUEING']) {
      expect(moveOf(task, answer(status), later(hours * hourMs))).toBeNull();
      const change = moveOf(task, answer(status), later(hours * hourMs + 1));
      expect(change?.guard).toEqual({ states: ['submitted'], submittedForMs: hours * hourMs });
      expect(change?.move).toMatchObject({ state: 'ended', status: 'FAIL', failure: { code: 'TIMED_OUT' } });
      expect(change?.move.message).toContain(`${hours} hours`);
    }
  });

  test('takes a final answer that comes after it as it is', () => {
    const task = followed({ kind: 'IMAGE' });
    expect(moveOf(task, answer('DONE', { files: [file] }), later(7 * hourMs))?.move.status).toBe('DONE');
    expect(moveOf(task, answer('FAIL'), later(7 * hourMs))?.move.failure?.code).toBe('GENERATION_FAILED');
  });

  // After an outage, the poll may come long after the deadline.
  test.each([6, 100])('is followed by a day, from %i hours on, in which a late result is worth asking for', (hours) => {
    const failure = { code: 'TIMED_OUT', message: '', upstreamCode: null, requestId: null, retryable: true } as const;
    const endedAt = later(hours * hourMs);
    const polled = (ms: number) =>
      followed({ state: 'ended', status: 'FAIL', failure, endedAt }, { lastPolledAt: later(ms) });
    expect(isWorthPolling(polled((hours + 24) * hourMs - 1))).toBe(true);
    expect(isWorthPolling(polled((hours + 24) * hourMs))).toBe(false);
    expect(isWorthPolling(followed())).toBe(true);
    expect(isWorthPolling(followed({ state: 'ended', status: 'DONE' }))).toBe(false);
    const refused = { ...failure, code: 'GENERATION_FAILED' } as const;
    expect(isWorthPolling(followed({ state: 'ended', status: 'FAIL', failure: refused }))).toBe(false);
  });
});

describe('an end that evidence may correct', () => {
  const given = (code: TaskFailureCode, ms = hourMs) =>
    followed({
      state: 'ended',
      status: 'FAIL',
      endedAt: later(ms),
      failure: failureOf(code, { message: '', upstreamCode: null, requestId: null, retryable: true }),
    });

  test.each(['NOT_FOUND', 'GATEWAY_ERROR'] as const)('%s: the task goes on where the upstream knows it', (code) => {
    for (const status of ['WAIT', 'RUN'] as const) {
      expect(moveOf(given(code), answer(status))).toMatchObject({
        guard: { states: ['ended'] },
        move: { state: 'submitted', status, failure: null, requestId: 'request-9' },
      });
    }
    expect(moveOf(given(code), answer('PAUSED'))).toBeNull();
    // It would time out at once.
    expect(moveOf(given(code), answer('RUN'), later(7 * hourMs))).toBeNull();
  });

  test('TIMED_OUT: only an end is taken', () => {
    expect(moveOf(given('TIMED_OUT'), answer('RUN'))).toBeNull();
    expect(moveOf(given('TIMED_OUT'), answer('DONE', { files: [file] }))?.move.status).toBe('DONE');
  });

  test.each([
    ['TIMED_OUT', true],
    ['NOT_FOUND', true],
    ['GATEWAY_ERROR', true],
    ['SUBMISSION_UNCONFIRMED', true],
    ['GENERATION_FAILED', false],
    ['REJECTED', false],
    ['CANCELED', false],
  ] as const)('%s is worth asking after: %s, for a day, polled or not', (code, isWorth) => {
    expect(isWorthPolling(given(code))).toBe(isWorth);
    expect(isWorthPolling({ ...given(code), lastPolledAt: later(25 * hourMs - 1) })).toBe(isWorth);
    expect(isWorthPolling({ ...given(code), lastPolledAt: later(25 * hourMs) })).toBe(false);
  });
});

describe('DONE without a file', () => {
  const minutes = (count: number): Date => later(count * 60_000);

  test('is believed when it was said for five minutes, and the warnings say so', () => {
    const before = followed({ status: 'RUN' }, { lastUnfinishedAt: minutes(1) });
    expect(moveOf(before, answer('DONE'), minutes(2))).toBeNull();
    const first = afterAnswer(before, answer('DONE'), minutes(2));
    expect(first).toMatchObject({ emptyDoneSince: minutes(2), lastUnfinishedAt: minutes(1) });
    expect(moveOf(first, answer('DONE'), new Date(minutes(7).getTime() - 1))).toBeNull();
    const move = moveOf(afterAnswer(first, answer('DONE'), minutes(6)), answer('DONE'), minutes(7))?.move;
    expect(move).toMatchObject({ status: 'DONE', files: [] });
    expect(move?.addedWarning).toContain('no file');
  });

  test('is forgotten when files come, without a warning, and when anything else is said', () => {
    const first = afterAnswer(followed({ status: 'RUN' }), answer('DONE'), minutes(2));
    const move = moveOf(first, answer('DONE', { files: [file] }), minutes(3))?.move;
    expect(move).toMatchObject({ status: 'DONE', files: [file] });
    expect(move).not.toHaveProperty('addedWarning');
    expect(afterAnswer(first, answer('RUN'), minutes(3)).emptyDoneSince).toBeNull();
  });

  test('is believed at once past the deadline: nothing keeps a task open for ever', () => {
    expect(moveOf(followed({ status: 'RUN' }), answer('DONE'), later(6 * hourMs + 1))?.move.status).toBe('DONE');
  });
});

describe('"no such task"', () => {
  const said = (times: number, overMs: number): Followed => {
    let state = followed();
    for (let time = 0; time < times; time += 1) state = afterMissing(state, later((overMs * time) / (times - 1 || 1)));
    return state;
  };

  test('ends the task where it is believed', () => {
    expect(moveOfMissing(said(30, 3 * hourMs), unknownTask, false)).toBeNull();
    const change = moveOfMissing(said(3, 120_000), unknownTask, true);
    expect(change?.guard).toEqual({ states: ['submitted'] });
    expect(change?.move.failure).toMatchObject({ code: 'NOT_FOUND', upstreamCode: 'ResourceNotFound.Task' });
  });

  test('ends it past its deadline in any case, said three times', () => {
    expect(moveOfMissing(said(2, 7 * hourMs), unknownTask, false)).toBeNull();
    expect(moveOfMissing(said(3, 7 * hourMs), unknownTask, false)?.move.failure?.code).toBe('NOT_FOUND');
    expect(moveOfMissing(said(3, 5 * hourMs), unknownTask, false)).toBeNull();
  });

  test('moves nothing in a task that has ended', () => {
    const ended = { ...said(4, 240_000), task: followed({ state: 'ended', status: 'FAIL' }).task };
    expect(moveOfMissing(ended, unknownTask, true)).toBeNull();
  });

  test('is forgotten as soon as the upstream knows the task again', () => {
    const known = afterAnswer(said(2, 120_000), answer('RUN'), later(130_000));
    const again = afterMissing(known, later(140_000));
    expect(again).toMatchObject({ missingCount: 1, missingSince: later(140_000), unrecordedPolls: 4 });
  });

  test.each([
    ['refused', 'InvalidParameterValue.TaskId', true],
    ['refused', 'ResourceNotFound', true],
    ['refused', 'ResourceNotFound.TaskNotFound', true],
    ['refused', 'InvalidParameterValue', false],
    ['refused', 'InternalError', false],
    ['no-answer', 'ResourceNotFound', false],
  ] as const)('is what %s %s means: %s', (phase, code, means) => {
    expect(isUnknownTask(new UpstreamCallError(phase, code, ''))).toBe(means);
  });
});

describe('the result URLs of a task', () => {
  const lifeMs = documentedResultLifeMs;
  const expiryOf = (before: Followed) =>
    moveOf(before, answer('DONE', { files: [file] }), later(hourMs))?.move.filesExpiry;

  test('live for 12 hours less 5 minutes', () => {
    expect(lifeMs).toBe(12 * hourMs - 5 * 60_000);
  });

  test('live from the last moment at which it surely had not ended, not from when its end was seen', () => {
    expect(expiryOf(followed({}, { lastUnfinishedAt: later(60_000) }))).toEqual({
      kind: 'at',
      at: later(60_000 + lifeMs),
    });
  });

  test('live from its submission when it had ended at the first look', () => {
    expect(expiryOf(followed())).toEqual({ kind: 'at', at: later(lifeMs) });
  });

  test("never expire in the customer's own bucket", () => {
    const storeCos = { bucketName: 'b', bucketRegion: 'r' };
    expect(expiryOf(followed({ request: { kind: 'IMAGE', storeCos } }))).toEqual({ kind: 'never' });
  });

  test('expire nobody knows when, if it was adopted after its end', () => {
    expect(expiryOf(followed({ request: null }))).toEqual({ kind: 'unknown' });
  });

  test('expire as usual if it was adopted and then seen unfinished', () => {
    expect(expiryOf(followed({ request: null }, { lastUnfinishedAt: later(1) }))).toEqual({
      kind: 'at',
      at: later(1 + lifeMs),
    });
  });
});
