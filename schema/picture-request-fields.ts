import { maxTextLength, maxWordLength } from '../src/domain/request/request-bounds.ts';
import type { ImageTaskRequest, VideoTaskRequest } from '../src/domain/request/request.ts';
import { upTo } from './arguments.ts';
import { ReferenceImage } from './reference-image.ts';
import { modelFields, modelInput, promptField, type Fields, type InputFields } from './request-fields.ts';

type PictureRequest = ImageTaskRequest | VideoTaskRequest;

/** Stored fields of images and videos: the prompt and what goes with it… */
export const picturePromptFields = <Request extends PictureRequest>(t: Fields<Request>) => ({
  prompt: promptField(t),
  negativePrompt: t.string({
    nullable: true,
    description: 'What the result was not to contain. Null: nothing was said.',
    resolve: ({ negativePrompt }) => negativePrompt,
  }),
  enhancePrompt: t.boolean({
    nullable: true,
    description: 'Whether the vendor was to improve the prompt. Null: not said, its default is false.',
    resolve: ({ enhancePrompt }) => enhancePrompt,
  }),
  ...modelFields(t),
});

export const referenceImagesField = <Request extends PictureRequest>(t: Fields<Request>) =>
  t.field({
    type: [ReferenceImage],
    description: 'The images to work from, in order.',
    resolve: ({ referenceImages }) => referenceImages ?? [],
  });

/** …and how it is to look. */
export const pictureFields = <Request extends PictureRequest>(t: Fields<Request>) => ({
  aspectRatio: t.string({
    nullable: true,
    description: 'As width:height. Null: left to the vendor.',
    resolve: ({ aspectRatio }) => aspectRatio,
  }),
  resolution: t.string({
    nullable: true,
    description: 'Such as `1080P`. Null: left to the vendor.',
    resolve: ({ resolution }) => resolution,
  }),
  logo: t.boolean({
    nullable: true,
    description: 'Whether the vendor was to add its logo. Null: left to the vendor.',
    resolve: ({ logo }) => logo,
  }),
});

/** Inputs of images and videos, beside the prompt. */
export const picturePromptInputs = (t: InputFields) => ({
  negativePrompt: t.string({
    description: `What the result shall not contain: ${upTo(maxTextLength)}. Only for models with \`supportsNegativePrompt\`.`,
  }),
  enhancePrompt: t.boolean({ description: 'Whether the vendor improves the prompt first. Default: false.' }),
  model: modelInput(t),
});

export const aspectRatioInput = (t: InputFields) =>
  t.string({
    description: `As width:height, such as \`16:9\`: one of the model's \`aspectRatios\`, or where it has none, ${upTo(maxWordLength)}. Left out: the model's default.`,
  });

export const logoInput = (t: InputFields) =>
  t.boolean({ description: "Whether the vendor adds its logo. Left out: the vendor's default." });
