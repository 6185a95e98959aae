import type { VideoTaskRequest as VideoTaskRequestShape } from '../src/domain/request/request.ts';
import { builder } from './builder.ts';
import { ModelRef } from './model-ref.ts';
import { ReferenceImage } from './reference-image.ts';
import { ReferenceVideo } from './reference-video.ts';
import { asked } from './request-words.ts';
import { StoreCos } from './store-cos.ts';

export const VideoTaskRequest = builder.objectRef<VideoTaskRequestShape>('VideoTaskRequest').implement({
  description: 'What a video task was asked for: to show it, and to fill a form with to ask again.',
  fields: (t) => ({
    prompt: t.exposeString('prompt', { nullable: true, description: asked.prompt }),
    negativePrompt: t.exposeString('negativePrompt', { nullable: true, description: asked.negativePrompt }),
    enhancePrompt: t.exposeBoolean('enhancePrompt', { nullable: true, description: asked.enhancePrompt }),
    model: t.expose('model', { type: ModelRef, nullable: true, description: asked.model }),
    sceneType: t.exposeString('sceneType', { nullable: true, description: asked.sceneType }),
    firstFrame: t.exposeString('firstFrame', {
      nullable: true,
      description: 'URL of the image that the video was to start with. Null: none.',
    }),
    lastFrame: t.exposeString('lastFrame', {
      nullable: true,
      description: 'URL of the image that the video was to end with. Null: none.',
    }),
    referenceImages: t.field({
      type: [ReferenceImage],
      description: asked.referenceImages,
      resolve: (request) => request.referenceImages ?? [],
    }),
    referenceVideos: t.field({
      type: [ReferenceVideo],
      description: 'The videos to work from, in order.',
      resolve: (request) => request.referenceVideos ?? [],
    }),
    referenceAudios: t.stringList({
      description: asked.referenceAudios,
      resolve: (request) => request.referenceAudios ?? [],
    }),
    duration: t.exposeInt('duration', { nullable: true, description: 'Seconds. Null: left to the model.' }),
    aspectRatio: t.exposeString('aspectRatio', { nullable: true, description: asked.aspectRatio }),
    resolution: t.exposeString('resolution', { nullable: true, description: asked.resolution }),
    logo: t.exposeBoolean('logo', { nullable: true, description: asked.logo }),
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
    additionalParameters: t.expose('additionalParameters', {
      type: 'JSONObject',
      nullable: true,
      description: asked.additionalParameters,
    }),
    storeCos: t.expose('storeCos', { type: StoreCos, nullable: true, description: asked.storeCos }),
    operator: t.exposeString('operator', { nullable: true, description: asked.operator }),
  }),
});
