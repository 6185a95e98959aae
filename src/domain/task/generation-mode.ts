import type { TaskRequest } from '../request/request.ts';
import type { GenerationMode } from './task.ts';

/** The richest input names the mode: a video before an image or a sound. */
export function generationMode(request: TaskRequest): GenerationMode {
  switch (request.kind) {
    case 'IMAGE':
      return isGiven(request.referenceImages) ? 'IMAGE_TO_IMAGE' : 'TEXT_TO_IMAGE';
    case 'VIDEO':
      if (isGiven(request.referenceVideos)) return 'VIDEO_TO_VIDEO';
      return hasImage(request) ? 'IMAGE_TO_VIDEO' : 'TEXT_TO_VIDEO';
    case 'AUDIO':
      if (isGiven(request.referenceVideos)) return 'VIDEO_TO_AUDIO';
      return isGiven(request.referenceAudios) ? 'AUDIO_TO_AUDIO' : 'TEXT_TO_AUDIO';
  }
}

export function hasImage(request: Exclude<TaskRequest, { kind: 'AUDIO' }>): boolean {
  const frames = request.kind === 'VIDEO' ? [request.firstFrame, request.lastFrame] : [];
  return isGiven(request.referenceImages) || frames.some((frame) => frame !== undefined);
}

function isGiven(references: readonly unknown[] | undefined): boolean {
  return references !== undefined && references.length > 0;
}
