import {
  maxParameterLevels,
  maxParametersLength,
  maxReferences,
  maxTextLength,
  maxUrlLength,
  maxWordLength,
} from '../src/domain/request/request-bounds.ts';
import { upTo } from './arguments.ts';

/** Descriptions of the fields that requests of several kinds share: as stored, to show what was asked… */
export const asked = {
  prompt: 'The text that was given. Null: none.',
  negativePrompt: 'What the result was not to contain. Null: nothing was said.',
  enhancePrompt: 'Whether the vendor was to improve the prompt. Null: not said, its default is false.',
  model: 'Null: the choice was left to the vendor.',
  sceneType: "The vendor's special mode. Null: none.",
  referenceImages: 'The images to work from, in order.',
  referenceAudios: 'URLs of the audio to work from, in order.',
  aspectRatio: 'As width:height. Null: left to the vendor.',
  resolution: 'Such as `1080P`. Null: left to the vendor.',
  logo: 'Whether the vendor was to add its logo. Null: left to the vendor.',
  additionalParameters: 'What was passed on to the model verbatim. Null: nothing.',
  storeCos: "The bucket of your own for the results. Null: the vendor's storage, for 12 hours.",
  operator: 'For whom it was created, in your own words. Null without a name.',
};

/** …and as input, to ask. */
export const asking = {
  /** Of a list of URLs. */
  manyUrls: `up to ${maxReferences}, each of ${upTo(maxUrlLength)}`,
  orResult: 'Or `aigc-file:` and the `id` of a result of yours, where the gateway keeps results.',
  negativePrompt: `What the result shall not contain: ${upTo(maxTextLength)}. Only for models with \`supportsNegativePrompt\`.`,
  enhancePrompt: 'Whether the vendor improves the prompt first. Default: false.',
  model: 'Left out: the vendor chooses.',
  aspectRatio: `As width:height, such as \`16:9\`: one of the model's \`aspectRatios\`, or where it has none, ${upTo(maxWordLength)}. Left out: the model's default.`,
  logo: "Whether the vendor adds its logo. Left out: the vendor's default.",
  additionalParameters: `Passed on to the model verbatim, for what has no field here: up to ${maxParameterLevels} levels deep, and as JSON ${upTo(maxParametersLength)}. What it may hold is in the vendor's description of the model.`,
  storeCos: 'Where to keep the results. Left out: the vendor keeps them for 12 hours.',
  operator: `For whom it is created, such as a user's name, ${upTo(maxWordLength)}: lists can be filtered by it, and the vendor gets it.`,
  webhook: 'Receives events of the task. Left out: no webhook. `retryTask` keeps it.',
  idempotencyKey: `A text of your choice, ${upTo(maxWordLength)}, such as a UUID made when the form was opened: send one always, or a repeated request pays twice. The same key with the same request answers with the same task, whatever became of it; with another request, with IdempotencyConflictError. A key counts for all your mutations, for as long as its task exists.`,
};
