import type { ImageTaskRequest as ImageTaskRequestShape } from '../src/domain/request/request.ts';
import type { Task } from '../src/domain/task/task.ts';
import { AigcTask } from './aigc-task.ts';
import { builder } from './builder.ts';
import { ModelRef } from './model-ref.ts';
import { Node } from './node.ts';
import { ReferenceImage } from './reference-image.ts';
import { asked } from './request-words.ts';
import { ImageFile } from './result-file.ts';
import { StoreCos } from './store-cos.ts';
import { filesOf } from './task-file.ts';

export const ImageFormatEnum = builder.enumType('ImageFormat', {
  description: 'File format of images.',
  values: {
    JPEG: { description: 'Smaller files, no transparency.' },
    PNG: { description: 'No loss.' },
  } satisfies Record<NonNullable<ImageTaskRequestShape['outputFormat']>, { description: string }>,
});

const ImageTaskRequest = builder.objectRef<ImageTaskRequestShape>('ImageTaskRequest').implement({
  description: 'What an image task was asked for: to show it, and to fill a form with to ask again.',
  fields: (t) => ({
    prompt: t.exposeString('prompt', { nullable: true, description: asked.prompt }),
    negativePrompt: t.exposeString('negativePrompt', { nullable: true, description: asked.negativePrompt }),
    enhancePrompt: t.exposeBoolean('enhancePrompt', { nullable: true, description: asked.enhancePrompt }),
    model: t.expose('model', { type: ModelRef, nullable: true, description: asked.model }),
    sceneType: t.exposeString('sceneType', { nullable: true, description: asked.sceneType }),
    referenceImages: t.field({
      type: [ReferenceImage],
      description: asked.referenceImages,
      resolve: (request) => request.referenceImages ?? [],
    }),
    outputImageCount: t.exposeInt('outputImageCount', {
      nullable: true,
      description: "How many images to make. Null: not said, the vendor's default is 1.",
    }),
    aspectRatio: t.exposeString('aspectRatio', { nullable: true, description: asked.aspectRatio }),
    resolution: t.exposeString('resolution', { nullable: true, description: asked.resolution }),
    logo: t.exposeBoolean('logo', { nullable: true, description: asked.logo }),
    outputFormat: t.expose('outputFormat', {
      type: ImageFormatEnum,
      nullable: true,
      description: 'Null: left to the vendor.',
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

export const ImageTask = builder.objectRef<Task>('ImageTask').implement({
  description: 'A task that makes images.',
  interfaces: [AigcTask, Node],
  fields: (t) => ({
    request: t.field({
      type: ImageTaskRequest,
      nullable: true,
      description: 'What was asked for. Null for an adopted task.',
      resolve: ({ request }) => (request?.kind === 'IMAGE' ? request : null),
    }),
    images: t.field({
      type: [ImageFile],
      description: 'The images made. Empty until DONE.',
      resolve: (task) => filesOf(task).filter((file) => file.type === 'IMAGE'),
    }),
  }),
});
