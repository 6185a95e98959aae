import { failures } from './failures.ts';
import { failWith, type Guard, type GuardedMove } from './moves.ts';
import type { CreateAnswer, UpstreamCallError } from '../upstream.ts';

/** One try at sending a task. At most one is under way, and its outcome is recorded against its number. */
export type Attempt = { taskId: string; attempt: number };

/**
 * `held-back`: the Create surely did not arrive, and the task becomes `held` again; `pausesAccount`: for a cause that affects
 * every task of the account.
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

/** By prefix, up to a dot: `AuthFailure` covers `AuthFailure.SignatureExpire`. */
export function isCode(code: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => code === prefix || code.startsWith(`${prefix}.`));
}

export function isRateRefusal(error: UpstreamCallError): boolean {
  return error.phase === 'refused' && isCode(error.code, rateCodes);
}

export function isAccountTrouble(error: UpstreamCallError): boolean {
  return error.phase === 'refused' && isCode(error.code, accountCodes);
}

/** Only what surely did not arrive is ever sent again. A refusal with a code in no list may mean anything. */
export function outcomeOfError(error: UpstreamCallError): SubmissionOutcome {
  if (error.phase === 'not-connected' || isRateRefusal(error))
    return { kind: 'held-back', pausesAccount: false, error };
  if (isAccountTrouble(error)) return { kind: 'held-back', pausesAccount: true, error };
  if (error.phase === 'refused' && isCode(error.code, requestCodes)) return { kind: 'rejected', error };
  return { kind: 'unconfirmed', error };
}

/** null when the task becomes `held` again, which no caller sees. */
export function moveOfOutcome(attempt: Attempt, outcome: SubmissionOutcome): GuardedMove | null {
  switch (outcome.kind) {
    case 'accepted':
      return {
        guard: acceptedGuard(attempt),
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

/** A TaskId is always recorded, even of a task that was given up as unconfirmed: it is followed again. */
function acceptedGuard({ attempt }: Attempt): Guard {
  return { states: ['submitting', 'ended'], failureCodes: ['SUBMISSION_UNCONFIRMED'], attempt };
}

/** Ends for a task whose outcome PostgreSQL refuses, to be tried in order: the last one holds nothing from elsewhere. */
export function gatewayErrorsOf(attempt: Attempt, outcome: SubmissionOutcome): GuardedMove[] {
  const end = failWith(failures.gatewayError());
  if (outcome.kind !== 'accepted') {
    return [{ guard: { states: ['submitting'], attempt: attempt.attempt }, move: end }];
  }
  const guard = acceptedGuard(attempt);
  const { upstreamTaskId } = outcome.answer;
  return [
    { guard, move: { ...end, upstreamTaskId, submittedAt: outcome.answeredAt } },
    { guard, move: end },
  ];
}
