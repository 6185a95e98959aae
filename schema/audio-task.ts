import type { AudioTaskRequest as AudioTaskRequestShape } from '../src/domain/request/request.ts';
import type { Task } from '../src/domain/task/task.ts';
import { AigcTask } from './aigc-task.ts';
import { builder } from './builder.ts';
import { Node } from './node.ts';
import { storedDescriptions, commonFields, modelFields, promptField } from './request-fields.ts';
import { AudioFile, VideoFile } from './result-file.ts';
import { filesOf } from './task-file.ts';

export const AudioFormatEnum = builder.enumType('AudioFormat', {
  description: 'File format of audio.',
  values: {
    MP3: { description: 'Compressed.' },
    WAV: { description: 'Uncompressed.' },
  } satisfies Record<NonNullable<AudioTaskRequestShape['outputFormat']>, { description: string }>,
});

const AudioTaskRequest = builder.objectRef<AudioTaskRequestShape>('AudioTaskRequest').implement({
  description: 'What an audio task was asked for: to show it, and to fill a form with to ask again.',
  fields: (t) => ({
    prompt: promptField(t),
    ...modelFields(t),
    referenceAudios: t.stringList({
      description: storedDescriptions.referenceAudios,
      resolve: (request) => request.referenceAudios ?? [],
    }),
    referenceVideos: t.stringList({
      description: 'URLs of the videos to work from, in order.',
      resolve: (request) => request.referenceVideos ?? [],
    }),
    outputFormat: t.expose('outputFormat', {
      type: AudioFormatEnum,
      nullable: true,
      description: 'Null: left to the vendor.',
    }),
    resourceId: t.exposeString('resourceId', {
      nullable: true,
      description: "The vendor's resource that the task was to use. Null: none.",
    }),
    ...commonFields(t),
  }),
});

export const AudioTask = builder.objectRef<Task>('AudioTask').implement({
  description: 'A task that makes music or other sound.',
  interfaces: [AigcTask, Node],
  fields: (t) => ({
    request: t.field({
      type: AudioTaskRequest,
      nullable: true,
      description: 'What was asked for. Null for an adopted task.',
      resolve: ({ request }) => (request?.kind === 'AUDIO' ? request : null),
    }),
    audios: t.field({
      type: [AudioFile],
      description: 'The audio made. Empty until DONE.',
      resolve: (task) => filesOf(task).filter((file) => file.type === 'AUDIO'),
    }),
    videos: t.field({
      type: [VideoFile],
      description: 'The videos made, where the task dubs one. Empty until DONE.',
      resolve: (task) => filesOf(task).filter((file) => file.type === 'VIDEO'),
    }),
  }),
});
