import type { VideoTaskRequest as VideoTaskRequestShape } from '../src/domain/request/request.ts';
import { builder } from './builder.ts';
import { ReferenceVideo } from './reference-video.ts';
import { pictureFields, picturePromptFields, referenceImagesField } from './picture-request-fields.ts';
import { storedDescriptions, commonFields } from './request-fields.ts';

export const VideoTaskRequest = builder.objectRef<VideoTaskRequestShape>('VideoTaskRequest').implement({
  description: 'What a video task was asked for: to show it, and to fill a form with to ask again.',
  fields: (t) => ({
    ...picturePromptFields(t),
    firstFrame: t.exposeString('firstFrame', {
      nullable: true,
      description: 'URL of the image that the video was to start with. Null: none.',
    }),
    lastFrame: t.exposeString('lastFrame', {
      nullable: true,
      description: 'URL of the image that the video was to end with. Null: none.',
    }),
    referenceImages: referenceImagesField(t),
    referenceVideos: t.field({
      type: [ReferenceVideo],
      description: 'The videos to work from, in order.',
      resolve: (request) => request.referenceVideos ?? [],
    }),
    referenceAudios: t.stringList({
      description: storedDescriptions.referenceAudios,
      resolve: (request) => request.referenceAudios ?? [],
    }),
    duration: t.exposeInt('duration', { nullable: true, description: 'Seconds. Null: left to the model.' }),
    ...pictureFields(t),
    enableAudio: t.exposeBoolean('enableAudio', {
      nullable: true,
      description: 'Whether the video was to have sound. Null: left to the model.',
    }),
    enableBackgroundMusic: t.exposeBoolean('enableBackgroundMusic', {
      nullable: true,
      description: 'Whether the video was to have background music. Null: left to the model.',
    }),
    offPeak: t.exposeBoolean('offPeak', {
      nullable: true,
      description: 'Whether it could wait for off-peak hours. Null: not said.',
    }),
    ...commonFields(t),
  }),
});
