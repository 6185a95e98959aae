import type { TaskKind } from '../generated/graphql.ts';
import { newKey } from './new-key.ts';

const noText = {
  prompt: '',
  negativePrompt: '',
  model: '',
  version: '',
  sceneType: '',
  aspectRatio: '',
  resolution: '',
  duration: '',
  outputImageCount: '',
  outputFormat: '',
  firstFrame: '',
  lastFrame: '',
  enhancePrompt: '',
  enableAudio: '',
  enableBackgroundMusic: '',
  offPeak: '',
  logo: '',
  resourceId: '',
  operator: '',
  additionalParameters: '',
  bucketName: '',
  bucketRegion: '',
  bucketPath: '',
  webhookUrl: '',
  webhookEvents: '',
};
export type TextName = keyof typeof noText;

export const textNames: readonly string[] = Object.keys(noText);

export const referenceNames = ['referenceImages', 'referenceVideos', 'referenceAudios'] as const;
export type ReferenceName = (typeof referenceNames)[number];

/** `role`: a picture's reference type, or a video's role. */
export type Reference = { url: string; role: string; sound: string };

/** A form as it is typed: all of it text. */
export type Draft = {
  kind: TaskKind;
  texts: Record<TextName, string>;
  references: Record<ReferenceName, readonly Reference[]>;
  /** Renewed after the form has created something: sent twice, it makes and costs one task. */
  idempotencyKey: string;
};

/** The same request for another kind: its texts, without the model of the old kind. */
export function asKind({ texts }: Draft, kind: TaskKind): Draft {
  const { prompt, negativePrompt, operator } = texts;
  const empty = emptyDraft(kind);
  return { ...empty, texts: { ...empty.texts, prompt, negativePrompt, operator } };
}

export function isBlank({ texts, references }: Draft): boolean {
  return (
    Object.values(texts).every((text) => text === '') && Object.values(references).every(({ length }) => length === 0)
  );
}

export function plainReference(url: string): Reference {
  return { url, role: '', sound: '' };
}

export function emptyDraft(kind: TaskKind): Draft {
  const references = { referenceImages: [], referenceVideos: [], referenceAudios: [] };
  return { kind, texts: noText, references, idempotencyKey: newKey() };
}
