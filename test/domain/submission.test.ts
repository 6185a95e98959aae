import { expect, test } from 'vitest';
import {
  isAccountTrouble,
  isCode,
  isRateRefusal,
  moveOfOutcome,
  outcomeOfError,
} from '../../src/domain/task/submission.ts';
import { UpstreamCallError, type UpstreamCallPhase } from '../../src/domain/upstream.ts';

const failed = (phase: UpstreamCallPhase, code: string) => new UpstreamCallError(phase, code, `It said ${code}.`);
const attempt = { taskId: 'a-task', attempt: 3 };

test.each(['RequestLimitExceeded', 'RequestLimitExceeded.UinLimitExceeded'])(
  'holds a task back after the rate refusal %s, without pausing the account',
  (code) => {
    const error = failed('refused', code);
    expect(outcomeOfError(error)).toEqual({ kind: 'held-back', pausesAccount: false, error });
    expect(isRateRefusal(error)).toBe(true);
  },
);

test.each(['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED', 'InvalidParameter'])(
  'holds a task back when nothing was ever connected, whatever the code: %s',
  (code) => {
    const error = failed('not-connected', code);
    expect(outcomeOfError(error)).toEqual({ kind: 'held-back', pausesAccount: false, error });
  },
);

test.each([
  'AuthFailure.SignatureExpire',
  'AuthFailure.SecretIdNotFound',
  'AuthFailure.UnauthorizedOperation',
  'UnauthorizedOperation',
  'UnauthorizedOperation.NoPermission',
  'IpNotInWhitelist',
  'LimitExceeded',
  'LimitExceeded.TooManyTasks',
  'ResourceInsufficient',
  'ResourceInsufficient.Balance',
])("holds a task back and pauses the account after the account's trouble %s", (code) => {
  const error = failed('refused', code);
  expect(outcomeOfError(error)).toEqual({ kind: 'held-back', pausesAccount: true, error });
  expect(isAccountTrouble(error)).toBe(true);
});

test.each([
  'InvalidParameter',
  'InvalidParameter.Prompt',
  'InvalidParameterValue',
  'InvalidParameterValue.SensitiveContent',
  'MissingParameter',
  'UnknownParameter',
  'UnsupportedOperation',
  'ResourceNotFound',
  'RequestSizeLimitExceeded',
])('rejects a task after %s, which is about its request', (code) => {
  const error = failed('refused', code);
  expect(outcomeOfError(error)).toEqual({ kind: 'rejected', error });
  expect(isAccountTrouble(error) || isRateRefusal(error)).toBe(false);
});

test.each([
  ['refused', 'InternalError'],
  ['refused', 'InternalError.UnknownError'],
  ['refused', 'ServiceUnavailable'],
  ['refused', 'ResourceUnavailable'],
  ['refused', 'SomethingNew'],
  // No prefixes of whole words: these are other codes than the listed ones.
  ['refused', 'InvalidParameterCombination'],
  ['refused', 'AuthFailures'],
  ['no-answer', 'ECONNRESET'],
  ['no-answer', 'TIMEOUT'],
  ['no-answer', 'HTTP_302'],
  ['no-answer', 'HTTP_500'],
  ['no-answer', 'INVALID_BODY'],
  // What a proxy says of a rate or a request is not the upstream's word.
  ['no-answer', 'RequestLimitExceeded'],
  ['no-answer', 'InvalidParameter'],
] as const)('leaves a task unconfirmed after %s %s: it may have been accepted and billed', (phase, code) => {
  const error = failed(phase, code);
  expect(outcomeOfError(error)).toEqual({ kind: 'unconfirmed', error });
});

test('matches codes by prefix, up to a dot', () => {
  expect(isCode('AuthFailure.TokenFailure', ['AuthFailure'])).toBe(true);
  expect(isCode('AuthFailure', ['AuthFailure.TokenFailure'])).toBe(false);
  expect(isCode('authfailure', ['AuthFailure'])).toBe(false);
});

test('records a TaskId on the attempt that it came for, even where that was given up as unconfirmed', () => {
  const answeredAt = new Date('2026-01-15T12:00:00Z');
  const answer = { upstreamTaskId: '4-AigcImage-1', requestId: 'request-1' };
  expect(moveOfOutcome(attempt, { kind: 'accepted', answer, answeredAt })).toEqual({
    guard: { states: ['submitting', 'ended'], failureCodes: ['SUBMISSION_UNCONFIRMED'], attempt: 3 },
    move: {
      state: 'submitted',
      status: 'WAIT',
      failure: null,
      upstreamTaskId: '4-AigcImage-1',
      submittedAt: answeredAt,
      message: null,
      requestId: 'request-1',
    },
  });
});

test('moves nothing outside when a task goes back to wait', () => {
  const error = failed('not-connected', 'ECONNREFUSED');
  expect(moveOfOutcome(attempt, { kind: 'held-back', pausesAccount: false, error })).toBeNull();
});

test.each([
  ['rejected', 'REJECTED', false],
  ['unconfirmed', 'SUBMISSION_UNCONFIRMED', true],
] as const)('ends a task that is %s as %s, and says whether the same request could work', (kind, code, retryable) => {
  const error = new UpstreamCallError('refused', 'InvalidParameter.Prompt', 'The prompt is too long.', {
    requestId: 'request-2',
  });
  const change = moveOfOutcome(attempt, { kind, error });
  expect(change?.guard).toEqual({ states: ['submitting'], attempt: 3 });
  expect(change?.move).toMatchObject({
    state: 'ended',
    status: 'FAIL',
    failure: { code, retryable, upstreamCode: 'InvalidParameter.Prompt', requestId: 'request-2' },
    requestId: 'request-2',
  });
  expect(change?.move.message).toBe(change?.move.failure?.message);
});
