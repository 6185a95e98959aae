import type { TaskRequest } from './request/request.ts';
import type { ResultFile, TaskKind } from './task/task.ts';

export type CreateAnswer = { upstreamTaskId: string; requestId: string | null };

/** `status` is WAIT, RUN, DONE or FAIL as far as is known; any other word moves nothing. */
export type DescribeAnswer = {
  status: string;
  message: string | null;
  files: ResultFile[];
  resolution: string | null;
  requestId: string | null;
};

/** The account that this process works for. Never repeats a call by itself. Throws UpstreamCallErrors. */
export type Upstream = {
  /** Host, region and name. Tasks of another account are neither sent nor polled. */
  readonly account: string;
  create(request: TaskRequest, options?: { signal?: AbortSignal }): Promise<CreateAnswer>;
  describe(kind: TaskKind, upstreamTaskId: string, options?: { signal?: AbortSignal }): Promise<DescribeAnswer>;
};

export const upstreamActions = {
  create: { IMAGE: 'CreateAigcImageTask', VIDEO: 'CreateAigcVideoTask', AUDIO: 'CreateAigcAudioTask' },
  describe: { IMAGE: 'DescribeAigcImageTask', VIDEO: 'DescribeAigcVideoTask', AUDIO: 'DescribeAigcAudioTask' },
} as const;
export type UpstreamAction = (typeof upstreamActions.create)[TaskKind] | (typeof upstreamActions.describe)[TaskKind];
export type UpstreamLimits = Record<UpstreamAction, number>;

/** Per second, account and region, by the vendor's API pages (2025-12 to 2026-07). */
export const documentedLimits: UpstreamLimits = {
  CreateAigcImageTask: 20,
  DescribeAigcImageTask: 20,
  CreateAigcVideoTask: 10,
  DescribeAigcVideoTask: 50,
  CreateAigcAudioTask: 20,
  DescribeAigcAudioTask: 20,
};

/** `not-connected`: nothing was sent, so it is safe to send again. `no-answer`: it may have arrived. */
export type UpstreamCallPhase = 'not-connected' | 'no-answer' | 'refused';

export class UpstreamCallError extends Error {
  override readonly name = 'UpstreamCallError';
  readonly phase: UpstreamCallPhase;
  /** The vendor's, such as InvalidParameterValue.TaskId, when refused; otherwise the transport's, such as ECONNRESET. */
  readonly code: string;
  readonly requestId: string | null;

  constructor(
    phase: UpstreamCallPhase,
    code: string,
    message: string,
    details: { requestId?: string | null; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.phase = phase;
    this.code = code;
    this.requestId = details.requestId ?? null;
  }
}
