import type { TaskFailure, TaskFailureCode } from './task.ts';
import type { UpstreamCallError } from '../upstream.ts';

/** Whether the same request could work. Also for rows in which an earlier release has stored another answer. */
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
  generationFailed: (message: string | null, requestId: string | null): TaskFailure =>
    failure('GENERATION_FAILED', message ?? 'The upstream gave no reason.', { requestId }),
  gatewayError: (): TaskFailure =>
    failure(
      'GATEWAY_ERROR',
      "The vendor's answer could not be recorded here: the task may be done and billed. trackTask asks the vendor again.",
    ),
  rejected: (error: UpstreamCallError): TaskFailure => failure('REJECTED', error.message, error),
  submissionUnconfirmed: (error: UpstreamCallError | null): TaskFailure =>
    failure(
      'SUBMISSION_UNCONFIRMED',
      'The task was sent, but no answer came: it may have been accepted and billed. It is not sent again by itself.',
      error,
    ),
  canceled: (): TaskFailure => failure('CANCELED', 'The task was canceled before it was sent.'),
  timedOut: (hours: number, requestId: string | null): TaskFailure =>
    failure(
      'TIMED_OUT',
      `The task had not ended ${hours} hours after it was submitted. A late result is still taken.`,
      { requestId },
    ),
  notFound: (error: UpstreamCallError): TaskFailure =>
    failure('NOT_FOUND', 'The upstream does not know this task any more.', error),
};

type Source = { code?: string; requestId: string | null };

function failure(code: TaskFailureCode, message: string, from: Source | null = null): TaskFailure {
  const { code: upstreamCode = null, requestId = null } = from ?? {};
  return { code, message, upstreamCode, requestId, retryable: retryable[code] };
}
