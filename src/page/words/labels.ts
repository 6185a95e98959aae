import type { GenerationMode, TaskFailureCode, TaskKind, TaskStatus } from '../generated/graphql.ts';

export const kindNames: Record<TaskKind, string> = { IMAGE: 'Image', VIDEO: 'Video', AUDIO: 'Audio' };

export const listNames: Record<TaskKind, string> = { IMAGE: 'Images', VIDEO: 'Videos', AUDIO: 'Audio' };

export const statusNames: Record<TaskStatus, string> = {
  WAIT: 'Waiting',
  RUN: 'Running',
  DONE: 'Done',
  FAIL: 'Failed',
};

export const modeNames: Record<GenerationMode, string> = {
  TEXT_TO_IMAGE: 'Text to image',
  IMAGE_TO_IMAGE: 'Image to image',
  TEXT_TO_VIDEO: 'Text to video',
  IMAGE_TO_VIDEO: 'Image to video',
  VIDEO_TO_VIDEO: 'Video to video',
  TEXT_TO_AUDIO: 'Text to audio',
  AUDIO_TO_AUDIO: 'Audio to audio',
  VIDEO_TO_AUDIO: 'Video to audio',
  UNKNOWN: 'Made elsewhere',
};

export const failureNames: Record<TaskFailureCode, string> = {
  GENERATION_FAILED: 'The generation failed',
  GATEWAY_ERROR: 'The answer could not be recorded',
  REJECTED: 'The vendor refused the request',
  SUBMISSION_UNCONFIRMED: 'Not known whether the vendor accepted it',
  CANCELED: 'Cancelled before it was sent',
  TIMED_OUT: 'It took too long',
  NOT_FOUND: 'The vendor does not know it any more',
};

export function modelName(model: { name: string; version: string | null } | null): string {
  return model === null ? '–' : [model.name, model.version].filter(Boolean).join(' ');
}
