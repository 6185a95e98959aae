import { withoutAbsent } from '../src/domain/request/canonical-request.ts';
import { maxReferences, maxTextLength, maxUrlLength, maxWordLength } from '../src/domain/request/request-bounds.ts';
import { upTo } from './arguments.ts';
import { builder } from './builder.ts';
import { createErrors, createPayload } from './create-payload.ts';
import { referencesOf } from './file-reference.ts';
import { unbatchedCost } from './query-limits.ts';
import { ReferenceImageInput } from './reference-image.ts';
import { ReferenceVideoInput } from './reference-video.ts';
import { aspectRatioInput, logoInput, picturePromptInputs } from './picture-request-fields.ts';
import { inputDescriptions, commonInputs } from './request-fields.ts';
import { VideoTask } from './video-task.ts';
import { webhookAsked } from './webhook.ts';

const CreateVideoTaskInput = builder.inputType('CreateVideoTaskInput', {
  description: 'What to make. A prompt or an image is required; what is left out, the vendor decides.',
  fields: (t) => ({
    prompt: t.string({
      description: `What happens in the video: ${upTo(maxTextLength)}, or the model's \`maxPromptLength\`. Required without an image.`,
    }),
    ...picturePromptInputs(t),
    sceneType: t.string({
      description: `A special mode of the model, ${upTo(maxWordLength)}, such as \`motion_control\` for Kling: one of its \`sceneTypes\`.`,
    }),
    firstFrame: t.string({
      description: `URL of the image that the video starts with: JPEG or PNG under 10 MB, reachable for the vendor, ${upTo(maxUrlLength)}. ${inputDescriptions.orResult}`,
    }),
    lastFrame: t.string({
      description: `URL of the image that it ends with, ${upTo(maxUrlLength)}; as \`firstFrame\`, but only for models with \`supportsLastFrame\`.`,
    }),
    referenceImages: t.field({
      type: [ReferenceImageInput],
      description: `Images of what is to occur in the video, in order: up to ${maxReferences}, or the model's \`maxReferenceImages\`. Some models take fewer beside a reference video.`,
    }),
    referenceVideos: t.field({
      type: [ReferenceVideoInput],
      description: `Videos to work from, in order: up to ${maxReferences}, or the model's \`maxReferenceVideos\`.`,
    }),
    referenceAudios: t.stringList({
      description: `URLs of audio to work from, reachable for the vendor: ${inputDescriptions.manyUrls}. Some models only. ${inputDescriptions.orResult}`,
    }),
    duration: t.int({
      description: "Whole seconds: one of the model's `durations`, such as 5 or 10 for Kling. Left out: its default.",
    }),
    aspectRatio: aspectRatioInput(t),
    resolution: t.string({
      description: `From \`540P\` to \`4K\`: one of the model's \`resolutions\`, or where it has none, ${upTo(maxWordLength)}. Left out: its default.`,
    }),
    logo: logoInput(t),
    enableAudio: t.boolean({ description: "Whether the video has sound. Left out: the model's default." }),
    enableBackgroundMusic: t.boolean({
      description: "Whether the video has background music. Left out: the model's default.",
    }),
    offPeak: t.boolean({
      description:
        'Whether it may wait for off-peak hours (Vidu): the vendor makes it within 48 hours, or cancels it. Default: false.',
    }),
    ...commonInputs(t),
  }),
});

const CreateVideoTaskPayload = createPayload('CreateVideoTaskPayload', VideoTask);

builder.mutationField('createVideoTask', (t) =>
  t.field({
    type: CreateVideoTaskPayload,
    nullable: true,
    description:
      'Creates a billed task that makes a video. It answers as `createImageTask` does; the video itself takes minutes.',
    args: { input: t.arg({ type: CreateVideoTaskInput, required: true, description: 'What to make.' }) },
    complexity: unbatchedCost,
    errors: createErrors('CreateVideoTaskResult'),
    resolve: async (_root, { input: { idempotencyKey, webhook, ...fields } }, { useCases }) => {
      const referenceImages = referencesOf(fields.referenceImages);
      const referenceVideos = referencesOf(fields.referenceVideos);
      const request = withoutAbsent({ ...fields, referenceImages, referenceVideos, kind: 'VIDEO' as const });
      return { task: await useCases.createTask(request, idempotencyKey ?? null, webhookAsked(webhook)) };
    },
  }),
);
