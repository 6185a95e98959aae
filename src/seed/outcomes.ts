import { failures } from '../domain/task/failures.ts';
import { deadlineMs, isOffPeak } from '../domain/task/following.ts';
import { failWith, type Move } from '../domain/task/moves.ts';
import type { ResultFile, TaskKind } from '../domain/task/task.ts';
import type { TaskRequest } from '../domain/request/request.ts';
import { UpstreamCallError } from '../domain/upstream.ts';
import type { Random } from '../kit/seeded-random.ts';
import { medianSecondsOf } from '../sandbox/models.ts';

/** A move, and how long after the task's creation it was made. */
export type TimedMove = { afterMs: number; move: Move };

/** How many of a thousand end in which way; all others are DONE. */
const failuresInThousand = [
  ['GENERATION_FAILED', 40],
  ['REJECTED', 12],
  ['CANCELED', 8],
  ['TIMED_OUT', 4],
  ['NOT_FOUND', 3],
  ['SUBMISSION_UNCONFIRMED', 2],
  ['GATEWAY_ERROR', 2],
] as const;
type Outcome = (typeof failuresInThousand)[number][0] | 'DONE';

const reasons = [
  'The generated content did not pass the review',
  'Internal error, please try again later',
  'Task timeout',
] as const;

/** What becomes of a task, as the gateway would have recorded it. Always an end. */
export function makeOutcome(random: Random, request: TaskRequest): readonly TimedMove[] {
  const outcome = pickOutcome(random);
  const requestId = longHex(random);
  switch (outcome) {
    case 'CANCELED':
      return [{ afterMs: random.integer(400, 90_000), move: failWith(failures.canceled()) }];
    case 'REJECTED': {
      const code = 'InvalidParameterValue.SensitiveContent';
      const error = new UpstreamCallError('refused', code, 'The prompt did not pass the review', { requestId });
      return [{ afterMs: random.integer(300, 3_000), move: failWith(failures.rejected(error)) }];
    }
    case 'SUBMISSION_UNCONFIRMED': {
      const error = new UpstreamCallError('no-answer', 'ECONNRESET', 'The connection broke.');
      return [{ afterMs: random.integer(15_000, 40_000), move: failWith(failures.submissionUnconfirmed(error)) }];
    }
    default:
      return sentAndEnded(random, request, outcome, requestId);
  }
}

type SentOutcome = Exclude<Outcome, 'CANCELED' | 'REJECTED' | 'SUBMISSION_UNCONFIRMED'>;

function sentAndEnded(random: Random, request: TaskRequest, outcome: SentOutcome, requestId: string): TimedMove[] {
  const acceptedMs = random.integer(150, 2_500);
  const wholeMs = Math.ceil(1_000 * random.logNormal(medianSeconds(request), 0.37));
  const runningMs = acceptedMs + Math.ceil(wholeMs * random.between(0.05, 0.25));
  const limitMs = deadlineMs(request.kind, isOffPeak({ request }));
  const endedMs = acceptedMs + (outcome === 'TIMED_OUT' ? limitMs : wholeMs);
  return [
    { afterMs: acceptedMs, move: { state: 'submitted', status: 'WAIT', failure: null, message: null, requestId } },
    { afterMs: runningMs, move: { state: 'submitted', status: 'RUN', failure: null, message: null, requestId } },
    { afterMs: Math.max(endedMs, runningMs), move: endOf(random, request, outcome, requestId) },
  ];
}

function endOf(random: Random, request: TaskRequest, outcome: SentOutcome, requestId: string): Move {
  switch (outcome) {
    case 'GENERATION_FAILED':
      return failWith(failures.generationFailed(random.pick(reasons), requestId));
    case 'TIMED_OUT':
      return failWith(failures.timedOut(deadlineMs(request.kind, isOffPeak({ request })) / 3_600_000, requestId));
    case 'NOT_FOUND':
      return failWith(
        failures.notFound(new UpstreamCallError('refused', 'ResourceNotFound', 'No such task', { requestId })),
      );
    case 'GATEWAY_ERROR':
      return failWith(failures.gatewayError());
    case 'DONE':
      return {
        state: 'ended',
        status: 'DONE',
        failure: null,
        files: filesOf(random, request),
        resolution: request.kind === 'VIDEO' ? '1920x1080' : null,
        message: null,
        requestId,
      };
  }
}

const extensions: Record<TaskKind, string> = { IMAGE: 'png', VIDEO: 'mp4', AUDIO: 'mp3' };

/** At a reserved host name (RFC 2606). */
function filesOf(random: Random, request: TaskRequest): ResultFile[] {
  const { kind } = request;
  const duration = kind === 'VIDEO' ? (request.duration ?? null) : null;
  const count = kind === 'IMAGE' ? random.pick([1, 1, 1, 4]) : 1;
  const folder = longHex(random);
  return Array.from({ length: count }, (_, index) => ({
    type: kind,
    url: `https://results.example.com/${folder}/${index}.${extensions[kind]}`,
    duration: kind === 'AUDIO' ? random.integer(20, 90) : duration,
  }));
}

function medianSeconds(request: TaskRequest): number {
  if (isOffPeak({ request })) return 3_600;
  const kind = ({ IMAGE: 'image', VIDEO: 'video', AUDIO: 'audio' } as const)[request.kind];
  return medianSecondsOf(kind, { name: request.model?.name, version: request.model?.version, seconds: undefined });
}

function pickOutcome(random: Random): Outcome {
  let left = random.integer(0, 999);
  for (const [code, share] of failuresInThousand) {
    left -= share;
    if (left < 0) return code;
  }
  return 'DONE';
}

function longHex(random: Random): string {
  const eight = (): string => random.integer(0, 0xffff_ffff).toString(16).padStart(8, '0');
  return `${eight()}${eight()}${eight()}${eight()}`;
}
