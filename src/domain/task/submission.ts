import { failures } from './failures.ts';
import { failWith, type GuardedMove } from './moves.ts';
import type { CreateAnswer, UpstreamCallError } from '../upstream.ts';

/** One try at sending a task: at most one is under way, and every outcome is recorded against its number. */
export type Attempt = { taskId: string; attempt: number };

/**
 * What came of a Create. `held-back`: it surely did not arrive, and the task goes back to `held`; `pausesAccount` when
 * the cause is the account's and would affect every other task too.
 */
export type SubmissionOutcome =
  | { kind: 'accepted'; answer: CreateAnswer; answeredAt: Date }
  | { kind: 'held-back'; pausesAccount: boolean; error: UpstreamCallError }
  | { kind: 'rejected'; error: UpstreamCallError }
  | { kind: 'unconfirmed'; error: UpstreamCallError };

const rateCodes = ['RequestLimitExceeded'];
const accountCodes = [
  'AuthFailure',
  'UnauthorizedOperation',
  'IpNotInWhitelist',
  'LimitExceeded',
  'ResourceInsufficient',
];
/** The upstream has judged this request and refused it. A code that is in no list may mean anything. */
const requestCodes = [
  'InvalidParameter',
  'InvalidParameterValue',
  'MissingParameter',
  'UnknownParameter',
  'UnsupportedOperation',
  'OperationDenied',
  'ResourceNotFound',
  'RequestSizeLimitExceeded',
  'InvalidRequest',
  'InvalidAction',
  'NoSuchVersion',
];

/** Vendor codes match by prefix, up to a dot: `AuthFailure` covers `AuthFailure.SignatureExpire`. */
export function isCode(code: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => code === prefix || code.startsWith(`${prefix}.`));
}

export function isRateRefusal(error: UpstreamCallError): boolean {
  return error.phase === 'refused' && isCode(error.code, rateCodes);
}

export function isAccountTrouble(error: UpstreamCallError): boolean {
  return error.phase === 'refused' && isCode(error.code, accountCodes);
}

/** Only what surely did not arrive is ever sent again. */
export function outcomeOfError(error: UpstreamCallError): SubmissionOutcome {
  if (error.phase === 'not-connected' || isRateRefusal(error))
    return { kind: 'held-back', pausesAccount: false, error };
  if (isAccountTrouble(error)) return { kind: 'held-back', pausesAccount: true, error };
  if (error.phase === 'refused' && isCode(error.code, requestCodes)) return { kind: 'rejected', error };
  return { kind: 'unconfirmed', error };
}

/** The visible move that an outcome means; null when the task goes back to `held`. */
export function moveOfOutcome(attempt: Attempt, outcome: SubmissionOutcome): GuardedMove | null {
  switch (outcome.kind) {
    case 'accepted':
      return {
        // A TaskId is always recorded, even for a task already given up as unconfirmed: it is followed again.
        guard: {
          states: ['submitting', 'ended'],
          failureCodes: ['SUBMISSION_UNCONFIRMED'],
          attempt: attempt.attempt,
        },
        move: {
          state: 'submitted',
          status: 'WAIT',
          failure: null,
          upstreamTaskId: outcome.answer.upstreamTaskId,
          submittedAt: outcome.answeredAt,
          message: null,
          requestId: outcome.answer.requestId,
        },
      };
    case 'held-back':
      return null;
    case 'rejected':
      return {
        guard: { states: ['submitting'], attempt: attempt.attempt },
        move: failWith(failures.rejected(outcome.error)),
      };
    case 'unconfirmed':
      return {
        guard: { states: ['submitting'], attempt: attempt.attempt },
        move: failWith(failures.submissionUnconfirmed(outcome.error)),
      };
  }
}

/**
 * How to end a task whose outcome PostgreSQL refuses, to be tried in order: each has less in it that could be refused,
 * the last one nothing that came from elsewhere.
 */
export function gatewayErrorsOf({ attempt }: Attempt, outcome: SubmissionOutcome): GuardedMove[] {
  const end = failWith(failures.gatewayError());
  if (outcome.kind !== 'accepted') return [{ guard: { states: ['submitting'], attempt }, move: end }];
  const guard = {
    states: ['submitting', 'ended'],
    failureCodes: ['SUBMISSION_UNCONFIRMED'],
    attempt,
  } as const;
  const { upstreamTaskId } = outcome.answer;
  return [
    { guard, move: { ...end, upstreamTaskId, submittedAt: outcome.answeredAt } },
    { guard, move: end },
  ];
}
