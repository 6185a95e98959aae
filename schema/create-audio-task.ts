import { withoutAbsent } from '../src/domain/request/canonical-request.ts';
import { maxWordLength } from '../src/domain/request/request-bounds.ts';
import { upTo } from './arguments.ts';
import { AudioFormatEnum, AudioTask } from './audio-task.ts';
import { builder } from './builder.ts';
import { createErrors, createPayload } from './create-payload.ts';
import { unbatchedCost } from './query-limits.ts';
import { inputDescriptions, commonInputs, modelInput } from './request-fields.ts';
import { webhookAsked } from './webhook.ts';

const CreateAudioTaskInput = builder.inputType('CreateAudioTaskInput', {
  description: 'What to make. Something has to say it: a prompt, reference material, or parameters of the model.',
  fields: (t) => ({
    prompt: t.string({ description: "How it sounds: up to 2,000 characters, by the vendor's page." }),
    model: modelInput(t),
    sceneType: t.string({ description: `A special mode of the model, ${upTo(maxWordLength)}, such as \`music\`.` }),
    referenceAudios: t.stringList({
      description: `URLs of audio to work from, reachable for the vendor: ${inputDescriptions.manyUrls}. ${inputDescriptions.orResult}`,
    }),
    referenceVideos: t.stringList({
      description: `URLs of videos to make the sound for, or to dub, reachable for the vendor: ${inputDescriptions.manyUrls}. ${inputDescriptions.orResult}`,
    }),
    outputFormat: t.field({ type: AudioFormatEnum, description: "Left out: the vendor's default." }),
    resourceId: t.string({
      description: `A resource of the vendor's that the model is to use, where it asks for one: ${upTo(maxWordLength)}.`,
    }),
    ...commonInputs(t),
  }),
});

const CreateAudioTaskPayload = createPayload('CreateAudioTaskPayload', AudioTask);

builder.mutationField('createAudioTask', (t) =>
  t.field({
    type: CreateAudioTaskPayload,
    nullable: true,
    description: 'Creates a billed task that makes music or other sound. It answers as `createImageTask` does.',
    args: { input: t.arg({ type: CreateAudioTaskInput, required: true, description: 'What to make.' }) },
    complexity: unbatchedCost,
    errors: createErrors('CreateAudioTaskResult'),
    resolve: async (_root, { input: { idempotencyKey, webhook, ...fields } }, { useCases }) => {
      const request = withoutAbsent({ ...fields, kind: 'AUDIO' as const });
      return { task: await useCases.createTask(request, idempotencyKey ?? null, webhookAsked(webhook)) };
    },
  }),
);
