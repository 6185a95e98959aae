import type { RequestedModel } from './requested-model.ts';
import type { InputIssue } from '../request/input-issue.ts';
import { choiceIssues } from './model-choices.ts';
import { maxReferences, maxTextLength } from '../request/request-bounds.ts';
import type { TaskRequest } from '../request/request.ts';
import { countCodePoints } from '../request/text.ts';

export function modelIssues(request: TaskRequest, model: RequestedModel): InputIssue[] {
  return [
    ...promptIssues(request, model),
    ...referenceCountIssues(request, model),
    ...featureIssues(request, model),
    ...choiceIssues(request, model),
  ];
}

function promptIssues({ prompt = '' }: TaskRequest, { rules }: RequestedModel): InputIssue[] {
  const limit = rules.maxPromptLength ?? maxTextLength;
  const length = countCodePoints(prompt);
  if (length <= limit) return [];
  const who = rules.maxPromptLength === null ? 'the gateway takes' : 'the upstream takes';
  return [
    { path: ['prompt'], code: 'TOO_LONG', message: `The prompt has ${length} characters; ${who} at most ${limit}.` },
  ];
}

function referenceCountIssues(request: TaskRequest, { rules, label }: RequestedModel): InputIssue[] {
  const images = request.kind === 'AUDIO' ? 0 : (request.referenceImages?.length ?? 0);
  const videos = request.kind === 'IMAGE' ? 0 : (request.referenceVideos?.length ?? 0);
  const audios = request.kind === 'IMAGE' ? 0 : (request.referenceAudios?.length ?? 0);
  const maxImages = (videos > 0 ? rules.maxReferenceImagesWithVideo : null) ?? rules.maxReferenceImages;
  // Scenes have limits of their own, which are not documented: motion_control takes a video although its model takes none.
  const isScene = request.sceneType !== undefined && rules.sceneTypes.includes(request.sceneType);
  const maxVideos = isScene && rules.maxReferenceVideos === 0 ? null : rules.maxReferenceVideos;
  return [
    ...countIssues({ things: 'images', count: images, max: maxImages, label }),
    ...countIssues({ things: 'videos', count: videos, max: maxVideos, label }),
    ...countIssues({ things: 'audios', count: audios, max: rules.maxReferenceAudios, label }),
  ];
}

type ReferenceCount = { things: 'images' | 'videos' | 'audios'; count: number; max: number | null; label: string };

const referenceFields = { images: 'referenceImages', videos: 'referenceVideos', audios: 'referenceAudios' };

function countIssues({ things, count, max, label }: ReferenceCount): InputIssue[] {
  if (count <= Math.min(max ?? maxReferences, maxReferences)) return [];
  const path = [referenceFields[things]];
  if (max === 0) return [{ path, code: 'UNSUPPORTED_BY_MODEL', message: `${label} takes no reference ${things}.` }];
  const limit =
    max === null || max > maxReferences
      ? `the gateway takes at most ${maxReferences}`
      : `${label} takes at most ${max}`;
  return [{ path, code: 'TOO_MANY', message: `There are ${count} reference ${things}; ${limit} here.` }];
}

function featureIssues(request: TaskRequest, { rules, label }: RequestedModel): InputIssue[] {
  if (request.kind === 'AUDIO') return [];
  const features: [field: string, isMissing: boolean][] = [
    ['negativePrompt', request.negativePrompt !== undefined && rules.supportsNegativePrompt === false],
  ];
  if (request.kind === 'VIDEO')
    features.push(
      ['lastFrame', request.lastFrame !== undefined && !rules.supportsLastFrame],
      ['offPeak', request.offPeak === true && !rules.supportsOffPeak],
    );
  return features
    .filter(([, isMissing]) => isMissing)
    .map(([field]) => ({
      path: [field],
      code: 'UNSUPPORTED_BY_MODEL',
      message: `${label} does not support ${field}.`,
    }));
}
