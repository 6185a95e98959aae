import { describe, expect, test } from 'vitest';
import {
  afterAnswer,
  afterMissing,
  deadlineMs,
  documentedResultLifeMs,
  isUnknownTask,
  isWorthAsking,
  moveOfAnswer,
  moveOfMissing,
  type Followed,
} from '../../src/domain/following.ts';
import type { TaskRequest } from '../../src/domain/request.ts';
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
        guard: { states: ['submitted', 'ended'], failureCodes: ['TIMED_OUT'] },
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
    expect(moveOf(task, answer('DONE'), later(7 * hourMs))?.move.status).toBe('DONE');
    expect(moveOf(task, answer('FAIL'), later(7 * hourMs))?.move.failure?.code).toBe('GENERATION_FAILED');
  });

  // Whoever was away may find out long after the deadline.
  test.each([6, 100])('is followed by a day, from %i hours on, in which a late result is worth asking for', (hours) => {
    const failure = { code: 'TIMED_OUT', message: '', upstreamCode: null, requestId: null, retryable: true } as const;
    const endedAt = later(hours * hourMs);
    const polled = (ms: number) =>
      followed({ state: 'ended', status: 'FAIL', failure, endedAt }, { lastPolledAt: later(ms) });
    expect(isWorthAsking(polled((hours + 24) * hourMs - 1))).toBe(true);
    expect(isWorthAsking(polled((hours + 24) * hourMs))).toBe(false);
    expect(isWorthAsking(followed())).toBe(true);
    expect(isWorthAsking(followed({ state: 'ended', status: 'DONE' }))).toBe(false);
    const refused = { ...failure, code: 'GENERATION_FAILED' } as const;
    expect(isWorthAsking(followed({ state: 'ended', status: 'FAIL', failure: refused }))).toBe(false);
  });
});

describe('"no such task"', () => {
  const said = (times: number, overMs: number): Followed => {
    let state = followed();
    for (let time = 0; time < times; time += 1) state = afterMissing(state, later((overMs * time) / (times - 1 || 1)));
    return state;
  };

  test.each([
    [1, 0, false],
    [2, 600_000, false],
    [3, 119_999, false],
    [3, 120_000, true],
    [30, 119_999, false],
    [4, 240_000, true],
  ])('said %i times over %i ms ends the task: %s', (times, overMs, ends) => {
    const change = moveOfMissing(said(times, overMs), unknownTask);
    if (!ends) expect(change).toBeNull();
    else {
      expect(change?.guard).toEqual({ states: ['submitted'] });
      expect(change?.move.failure).toMatchObject({ code: 'NOT_FOUND', upstreamCode: 'ResourceNotFound.Task' });
    }
  });

  test('moves nothing in a task that has ended', () => {
    const ended = { ...said(4, 240_000), task: followed({ state: 'ended', status: 'FAIL' }).task };
    expect(moveOfMissing(ended, unknownTask)).toBeNull();
  });

  test('is forgotten as soon as the upstream knows the task again', () => {
    const known = afterAnswer(said(2, 120_000), answer('RUN'), later(130_000));
    const again = afterMissing(known, later(140_000));
    expect(again).toMatchObject({ missingCount: 1, missingSince: later(140_000), unrecordedPolls: 4 });
    expect(moveOfMissing(again, unknownTask)).toBeNull();
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
