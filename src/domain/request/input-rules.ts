import { additionalParametersIssues } from './additional-parameters.ts';
import { hasImage } from '../task/generation-mode.ts';
import type { InputIssue } from './input-issue.ts';
import type { TaskRequest } from './request.ts';

const maxInt = 2 ** 31 - 1;

export function inputIssues(request: TaskRequest): InputIssue[] {
  return [
    ...subjectIssues(request),
    ...(request.kind === 'IMAGE' ? wholeNumberIssues('outputImageCount', request.outputImageCount) : []),
    ...(request.kind === 'VIDEO' ? wholeNumberIssues('duration', request.duration) : []),
    ...frameIssues(request),
    ...(request.additionalParameters === undefined ? [] : additionalParametersIssues(request.additionalParameters)),
  ];
}

function subjectIssues(request: TaskRequest): InputIssue[] {
  if (request.prompt !== undefined || hasOtherSubject(request)) return [];
  return [{ path: ['prompt'], code: 'REQUIRED', message: missingSubject[request.kind] }];
}

const missingSubject = {
  IMAGE: 'An image needs a prompt or a reference image.',
  VIDEO: 'A video needs a prompt, a first or last frame, or a reference image.',
  AUDIO: 'Audio needs a prompt, a reference, a resourceId, or additionalParameters that say what to make.',
};

/**
 * For images and videos, the vendor's pages ask for an image; a reference video alone is not enough. For audio they say
 * nothing, and lyrics go into additionalParameters, so only a request that says nothing at all is refused.
 */
function hasOtherSubject(request: TaskRequest): boolean {
  if (request.kind !== 'AUDIO') return hasImage(request);
  const { referenceAudios = [], referenceVideos = [], resourceId, additionalParameters = {} } = request;
  const inputs = [...referenceAudios, ...referenceVideos, ...Object.keys(additionalParameters)];
  return inputs.length > 0 || resourceId !== undefined;
}

function wholeNumberIssues(field: string, value: number | undefined): InputIssue[] {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= maxInt)) return [];
  return [{ path: [field], code: 'OUT_OF_RANGE', message: 'This must be a whole number of at least 1.' }];
}

/** A video that is to be edited has frames already. */
function frameIssues(request: TaskRequest): InputIssue[] {
  if (request.kind !== 'VIDEO' || !request.referenceVideos?.some((video) => video.role === 'BASE')) return [];
  const frames = (['firstFrame', 'lastFrame'] as const).filter((frame) => request[frame] !== undefined);
  return frames.map((frame) => ({
    path: [frame],
    code: 'NOT_ALLOWED',
    message: 'A reference video with role BASE brings its own frames. Leave out this frame, or use role FEATURE.',
  }));
}
