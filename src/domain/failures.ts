import type { TaskFailure } from './task.ts';
import type { UpstreamCallError } from './upstream.ts';

/** How a task can fail, in words for the person who asked for it. */
export const failures = {
  generationFailed: (message: string | null, requestId: string | null): TaskFailure => ({
    code: 'GENERATION_FAILED',
    message: message ?? 'The upstream gave no reason.',
    upstreamCode: null,
    requestId,
    retryable: true,
  }),
  rejected: (error: UpstreamCallError): TaskFailure => ({
    code: 'REJECTED',
    message: error.message,
    upstreamCode: error.code,
    requestId: error.requestId,
    retryable: false,
  }),
  submissionUnconfirmed: (error: UpstreamCallError | null): TaskFailure => ({
    code: 'SUBMISSION_UNCONFIRMED',
    message:
      'The task was sent, but no answer came: it may have been accepted and billed. It is not sent again by itself.',
    upstreamCode: error?.code ?? null,
    requestId: error?.requestId ?? null,
    retryable: true,
  }),
  canceled: (): TaskFailure => ({
    code: 'CANCELED',
    message: 'The task was canceled before it was sent.',
    upstreamCode: null,
    requestId: null,
    retryable: true,
  }),
  timedOut: (hours: number, requestId: string | null): TaskFailure => ({
    code: 'TIMED_OUT',
    message: `The task had not ended ${hours} hours after it was submitted. A late result is still taken.`,
    upstreamCode: null,
    requestId,
    retryable: true,
  }),
  notFound: (error: UpstreamCallError): TaskFailure => ({
    code: 'NOT_FOUND',
    message: 'The upstream does not know this task any more.',
    upstreamCode: error.code,
    requestId: error.requestId,
    retryable: true,
  }),
};
