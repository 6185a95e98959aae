import type { TaskDetail } from '../detail/task-detail.ts';
import { type Draft, emptyDraft, plainReference, type Reference, textNames } from './draft.ts';

/** A form with the same request, for a new task. */
export function draftOf(task: TaskDetail): Draft {
  const empty = emptyDraft(task.kind);
  if (task.request === null) return empty;
  const { model, storeCos, ...request } = task.request;
  const values: Record<string, unknown> = {
    ...request,
    model: model?.name,
    version: model?.version,
    ...storeCos,
    ...('audioFormat' in request && { outputFormat: request.audioFormat }),
  };
  const texts = textNames.map((name): [string, string] => [name, textOf(values[name])]);
  return { ...empty, texts: { ...empty.texts, ...Object.fromEntries(texts) }, references: referencesOf(task) };
}

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object' && value !== null) return JSON.stringify(value, null, 2);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function referencesOf(task: TaskDetail): Draft['references'] {
  const none = { referenceImages: [], referenceVideos: [], referenceAudios: [] };
  switch (task.__typename) {
    case 'ImageTask':
      return { ...none, referenceImages: (task.request?.referenceImages ?? []).map(imageReference) };
    case 'VideoTask':
      return {
        referenceImages: (task.request?.referenceImages ?? []).map(imageReference),
        referenceVideos: (task.request?.referenceVideos ?? []).map(({ url, role, keepOriginalSound }) => ({
          url,
          role: role ?? '',
          sound: textOf(keepOriginalSound),
        })),
        referenceAudios: (task.request?.referenceAudios ?? []).map(plainReference),
      };
    case 'AudioTask':
      return {
        ...none,
        referenceVideos: (task.request?.videoReferences ?? []).map(plainReference),
        referenceAudios: (task.request?.referenceAudios ?? []).map(plainReference),
      };
  }
}

function imageReference({ url, referenceType }: { url: string; referenceType: string | null }): Reference {
  return { url, role: referenceType ?? '', sound: '' };
}
