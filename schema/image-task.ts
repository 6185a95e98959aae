import type { ImageTaskRequest as ImageTaskRequestShape } from '../src/domain/request/request.ts';
import type { Task } from '../src/domain/task/task.ts';
import { AigcTask } from './aigc-task.ts';
import { builder } from './builder.ts';
import { Node } from './node.ts';
import { pictureFields, picturePromptFields, referenceImagesField } from './picture-request-fields.ts';
import { commonFields } from './request-fields.ts';
import { ImageFile } from './result-file.ts';
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
    ...picturePromptFields(t),
    referenceImages: referenceImagesField(t),
    outputImageCount: t.exposeInt('outputImageCount', {
      nullable: true,
      description: "How many images to make. Null: not said, the vendor's default is 1.",
    }),
    ...pictureFields(t),
    outputFormat: t.expose('outputFormat', {
      type: ImageFormatEnum,
      nullable: true,
      description: 'Null: left to the vendor.',
    }),
    ...commonFields(t),
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
