import { expect, test } from 'vitest';
import { generationMode } from '../../src/domain/task/generation-mode.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';
import type { GenerationMode } from '../../src/domain/task/task.ts';

const url = 'https://example.com/a';
const images = [{ url }];
const videos = [{ url }];

test.each<[GenerationMode, TaskRequest]>([
  ['TEXT_TO_IMAGE', { kind: 'IMAGE', prompt: 'a cat' }],
  ['TEXT_TO_IMAGE', { kind: 'IMAGE', prompt: 'a cat', referenceImages: [] }],
  ['IMAGE_TO_IMAGE', { kind: 'IMAGE', prompt: 'a cat', referenceImages: images }],
  ['TEXT_TO_VIDEO', { kind: 'VIDEO', prompt: 'a cat' }],
  ['TEXT_TO_VIDEO', { kind: 'VIDEO', prompt: 'a cat', referenceVideos: [], referenceAudios: [url] }],
  ['IMAGE_TO_VIDEO', { kind: 'VIDEO', firstFrame: url }],
  ['IMAGE_TO_VIDEO', { kind: 'VIDEO', lastFrame: url }],
  ['IMAGE_TO_VIDEO', { kind: 'VIDEO', referenceImages: images }],
  ['VIDEO_TO_VIDEO', { kind: 'VIDEO', prompt: 'a cat', referenceVideos: videos }],
  ['VIDEO_TO_VIDEO', { kind: 'VIDEO', referenceImages: images, referenceVideos: videos }],
  ['TEXT_TO_AUDIO', { kind: 'AUDIO', prompt: 'rain' }],
  ['TEXT_TO_AUDIO', { kind: 'AUDIO', prompt: 'rain', referenceAudios: [], referenceVideos: [] }],
  ['AUDIO_TO_AUDIO', { kind: 'AUDIO', referenceAudios: [url] }],
  ['VIDEO_TO_AUDIO', { kind: 'AUDIO', referenceVideos: [url] }],
  ['VIDEO_TO_AUDIO', { kind: 'AUDIO', referenceAudios: [url], referenceVideos: [url] }],
])('is %s for %j', (mode, request) => {
  expect(generationMode(request)).toBe(mode);
});
