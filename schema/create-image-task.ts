import { withoutAbsent } from '../src/domain/request/canonical-request.ts';
import { maxReferences, maxWordLength } from '../src/domain/request/request-bounds.ts';
import { upTo } from './arguments.ts';
import { builder } from './builder.ts';
import { createErrors, createPayload } from './create-payload.ts';
import { referencesOf } from './file-reference.ts';
import { unbatchedCost } from './query-limits.ts';
import { ImageFormatEnum, ImageTask } from './image-task.ts';
import { ReferenceImageInput } from './reference-image.ts';
import { aspectRatioInput, logoInput, picturePromptInputs } from './picture-request-fields.ts';
import { commonInputs } from './request-fields.ts';
import { webhookAsked } from './webhook.ts';

const CreateImageTaskInput = builder.inputType('CreateImageTaskInput', {
  description: 'What to make. A prompt or a reference image is required; what is left out, the vendor decides.',
  fields: (t) => ({
    prompt: t.string({
      description:
        "What the image shows: up to 1,000 characters, by the vendor's page. Required without a reference image.",
    }),
    ...picturePromptInputs(t),
    sceneType: t.string({
      description: `A special mode of the model, ${upTo(maxWordLength)}: \`3d_panorama\` for Hunyuan.`,
    }),
    referenceImages: t.field({
      type: [ReferenceImageInput],
      description: `Images to work from, in order: up to ${maxReferences}, or the model's \`maxReferenceImages\`.`,
    }),
    outputImageCount: t.int({ description: 'How many images to make: 1 or more. Default: 1.' }),
    aspectRatio: aspectRatioInput(t),
    resolution: t.string({ description: "`720P`, `1080P`, `2K` or `4K`. Left out: the model's default." }),
    logo: logoInput(t),
    outputFormat: t.field({ type: ImageFormatEnum, description: "Left out: the vendor's default." }),
    ...commonInputs(t),
  }),
});

const CreateImageTaskPayload = createPayload('CreateImageTaskPayload', ImageTask);

builder.mutationField('createImageTask', (t) =>
  t.field({
    type: CreateImageTaskPayload,
    nullable: true,
    description:
      "Creates a billed task that makes images. It answers once the task is safely recorded, after waiting a moment (2 s by default) for the vendor's word; follow it with `taskStatus`.",
    args: { input: t.arg({ type: CreateImageTaskInput, required: true, description: 'What to make.' }) },
    complexity: unbatchedCost,
    errors: createErrors('CreateImageTaskResult'),
    resolve: async (_root, { input: { idempotencyKey, webhook, ...fields } }, { useCases }) => {
      const referenceImages = referencesOf(fields.referenceImages);
      const request = withoutAbsent({ ...fields, referenceImages, kind: 'IMAGE' as const });
      return { task: await useCases.createTask(request, idempotencyKey ?? null, webhookAsked(webhook)) };
    },
  }),
);
