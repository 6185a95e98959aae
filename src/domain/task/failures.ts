import type { TaskFailure, TaskFailureCode } from './task.ts';
import type { UpstreamCallError } from '../upstream.ts';

/**
 * Whether the same request could work, by how it failed: the one source for `retryable`, `canRetry` and `retryTask`, also
 * for rows in which an earlier release has stored another answer.
 */
const retryable: Record<TaskFailureCode, boolean> = {
  GENERATION_FAILED: true,
  // Its result may exist already: polling for it is free, a retry is billed.
  GATEWAY_ERROR: false,
  REJECTED: false,
  SUBMISSION_UNCONFIRMED: true,
  CANCELED: true,
  TIMED_OUT: true,
  NOT_FOUND: true,
};

export function failureOf(code: TaskFailureCode, stored: Omit<TaskFailure, 'code'>): TaskFailure {
  return { ...stored, code, retryable: retryable[code] };
}

export const failures = {
  generationFailed: (message: string | null, requestId: string | null): TaskFailure => ({
    code: 'GENERATION_FAILED',
    message: message ?? 'The upstream gave no reason.',
    upstreamCode: null,
    requestId,
    retryable: retryable.GENERATION_FAILED,
  }),
  gatewayError: (): TaskFailure => ({
    code: 'GATEWAY_ERROR',
    message:
      "The vendor's answer could not be recorded here: the task may be done and billed. trackTask asks the vendor again.",
    upstreamCode: null,
    requestId: null,
    retryable: retryable.GATEWAY_ERROR,
  }),
  rejected: (error: UpstreamCallError): TaskFailure => ({
    code: 'REJECTED',
    message: error.message,
    upstreamCode: error.code,
    requestId: error.requestId,
    retryable: retryable.REJECTED,
  }),
  submissionUnconfirmed: (error: UpstreamCallError | null): TaskFailure => ({
    code: 'SUBMISSION_UNCONFIRMED',
    message:
      'The task was sent, but no answer came: it may have been accepted and billed. It is not sent again by itself.',
    upstreamCode: error?.code ?? null,
    requestId: error?.requestId ?? null,
    retryable: retryable.SUBMISSION_UNCONFIRMED,
  }),
  canceled: (): TaskFailure => ({
    code: 'CANCELED',
    message: 'The task was canceled before it was sent.',
    upstreamCode: null,
    requestId: null,
    retryable: retryable.CANCELED,
  }),
  timedOut: (hours: number, requestId: string | null): TaskFailure => ({
    code: 'TIMED_OUT',
    message: `The task had not ended ${hours} hours after it was submitted. A late result is still taken.`,
    upstreamCode: null,
    requestId,
    retryable: retryable.TIMED_OUT,
  }),
  notFound: (error: UpstreamCallError): TaskFailure => ({
    code: 'NOT_FOUND',
    message: 'The upstream does not know this task any more.',
    upstreamCode: error.code,
    requestId: error.requestId,
    retryable: retryable.NOT_FOUND,
  }),
};
