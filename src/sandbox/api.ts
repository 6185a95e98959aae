import type { Clock } from '../kit/clock.ts';
import { actions, apiVersion, isAction, type Limits, type SandboxAction } from './actions.ts';
import { describeAnswer } from './answers.ts';
import { ApiError, missingParameter } from './api-error.ts';
import { parseJsonObject, parseParameters } from './parameters.ts';
import { hasWord } from './prompt-words.ts';
import { createRateLimit } from './rate-limit.ts';
import { audioRequest, describeRequest, imageRequest, videoRequest } from './requests.ts';
import { verifySignature, type Credentials, type SignedRequest } from './signature.ts';
import type { TaskBook, TaskRequest } from './task-book.ts';

export type ApiDependencies = {
  book: TaskBook;
  limits: Limits;
  credentials: Credentials;
  clock: Clock;
  origin: string;
};

/** Answers one signed call with the fields of its Response. Throws ApiErrors for what the vendor would refuse. */
export type Api = (request: SignedRequest) => Promise<Record<string, unknown>>;

export function createApi({ book, limits, credentials, clock, origin }: ApiDependencies): Api {
  const rateLimit = createRateLimit(limits, clock);

  return async (request) => {
    if (request.headers['x-tc-action'] === undefined) throw missingParameter('Action');
    if (request.headers['x-tc-version'] === undefined) throw missingParameter('Version');
    verifySignature(request, credentials, clock.now());
    const action = readAction(request);
    rateLimit.take(action, String(request.headers['x-tc-region'] ?? ''));
    const body = parseJsonObject(request.body);
    const { verb, kind } = actions[action];
    if (verb === 'create') {
      const order = parseOrder(kind, body);
      refuseUnwantedContent(order);
      return { TaskId: (await book.create(order)).taskId };
    }
    const task = book.find(kind, parseParameters(describeRequest, body).TaskId);
    if (!task) throw new ApiError('InvalidParameterValue.TaskId', 'The task does not exist: `TaskId` is not valid.');
    return describeAnswer(task, clock.now(), origin);
  };
}

function readAction({ headers }: SignedRequest): SandboxAction {
  const action = String(headers['x-tc-action']);
  const version = String(headers['x-tc-version']);
  if (version !== apiVersion) {
    throw new ApiError('NoSuchVersion', `The request version=\`${version}\` is invalid or not found.`);
  }
  if (!isAction(action)) {
    throw new ApiError('InvalidAction', `The request action=\`${action}\` is invalid or not found.`);
  }
  return action;
}

function parseOrder(kind: TaskRequest['kind'], body: object): TaskRequest {
  switch (kind) {
    case 'image':
      return { kind, request: parseParameters(imageRequest, body) };
    case 'video':
      return { kind, request: parseParameters(videoRequest, body) };
    case 'audio':
      return { kind, request: parseParameters(audioRequest, body) };
  }
}

function refuseUnwantedContent({ request }: TaskRequest): void {
  if (hasWord(request.Prompt, 'reject')) {
    throw new ApiError('InvalidParameterValue.SensitiveContent', 'The prompt contains content that is not allowed.');
  }
}
