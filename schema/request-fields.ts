import {
  maxParameterLevels,
  maxParametersLength,
  maxReferences,
  maxUrlLength,
  maxWordLength,
} from '../src/domain/request/request-bounds.ts';
import type { TaskRequest } from '../src/domain/request/request.ts';
import { upTo } from './arguments.ts';
import type { builder } from './builder.ts';
import { ModelInput, ModelRef } from './model-ref.ts';
import { StoreCos, StoreCosInput } from './store-cos.ts';
import { WebhookInput } from './webhook.ts';

type Types = typeof builder.$inferSchemaTypes;
export type Fields<Request> = PothosSchemaTypes.ObjectFieldBuilder<Types, Request>;
export type InputFields = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

/** Descriptions that requests of several kinds share: of stored fields… */
export const storedDescriptions = {
  referenceAudios: 'URLs of the audio to work from, in order.',
};

/** …and of inputs. */
export const inputDescriptions = {
  /** Of a list of URLs. */
  manyUrls: `up to ${maxReferences}, each of ${upTo(maxUrlLength)}`,
  orResult: 'Or `aigc-file:` and the `id` of a result of yours, where the gateway keeps results.',
};

/** Stored fields of all kinds: what to make… */
export const promptField = <Request extends TaskRequest>(t: Fields<Request>) =>
  t.string({
    nullable: true,
    description: 'The text that was given. Null: none.',
    resolve: ({ prompt }) => prompt,
  });

export const modelFields = <Request extends TaskRequest>(t: Fields<Request>) => ({
  model: t.field({
    type: ModelRef,
    nullable: true,
    description: 'Null: the choice was left to the vendor.',
    resolve: ({ model }) => model,
  }),
  sceneType: t.string({
    nullable: true,
    description: "The vendor's special mode. Null: none.",
    resolve: ({ sceneType }) => sceneType,
  }),
});

/** …and what comes with it. */
export const commonFields = <Request extends TaskRequest>(t: Fields<Request>) => ({
  additionalParameters: t.field({
    type: 'JSONObject',
    nullable: true,
    description: 'What was passed on to the model verbatim. Null: nothing.',
    resolve: ({ additionalParameters }) => additionalParameters,
  }),
  storeCos: t.field({
    type: StoreCos,
    nullable: true,
    description: "The bucket of your own for the results. Null: the vendor's storage, for 12 hours.",
    resolve: ({ storeCos }) => storeCos,
  }),
  operator: t.string({
    nullable: true,
    description: 'For whom it was created, in your own words. Null without a name.',
    resolve: ({ operator }) => operator,
  }),
});

/** Inputs of all kinds. */
export const modelInput = (t: InputFields) =>
  t.field({ type: ModelInput, description: 'Left out: the vendor chooses.' });

export const commonInputs = (t: InputFields) => ({
  additionalParameters: t.field({
    type: 'JSONObject',
    description: `Passed on to the model verbatim, for what has no field here: up to ${maxParameterLevels} levels deep, and as JSON ${upTo(maxParametersLength)}. What it may hold is in the vendor's description of the model.`,
  }),
  storeCos: t.field({
    type: StoreCosInput,
    description: 'Where to keep the results. Left out: the vendor keeps them for 12 hours.',
  }),
  operator: t.string({
    description: `For whom it is created, such as a user's name, ${upTo(maxWordLength)}: lists can be filtered by it, and the vendor gets it.`,
  }),
  webhook: t.field({
    type: WebhookInput,
    description: 'Receives events of the task. Left out: no webhook. `retryTask` keeps it.',
  }),
  idempotencyKey: t.string({
    description: `A text of your choice, ${upTo(maxWordLength)}, such as a UUID made when the form was opened: send one always, or a repeated request pays twice. The same key with the same request answers with the same task, whatever became of it; with another request, with IdempotencyConflictError. A key counts for all your mutations, for as long as its task exists.`,
  }),
});
