import { z } from 'zod';
import type { TaskKind } from '../task/task.ts';

const text = z.string().regex(/\S/, 'must not be blank');
const words = z
  .array(text)
  .nullable()
  .transform((list) => list ?? [])
  .exactOptional();
const limit = z.int().min(0).nullable().exactOptional();
const seconds = z.int().min(1).max(86_400);

const durations = z
  .union(
    [
      z.array(seconds),
      z
        .strictObject({ from: seconds, to: seconds })
        .refine(({ from, to }) => from <= to)
        .transform(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index)),
      z.null().transform(() => []),
    ],
    { error: 'must be a list of seconds, or such as { "from": 3, "to": 15 }, the smaller first' },
  )
  .exactOptional();

const rules = z.strictObject({
  sceneTypes: words,
  maxPromptLength: limit,
  supportsNegativePrompt: z.boolean().nullable().exactOptional(),
  maxReferenceImages: limit,
  maxReferenceImagesWithVideo: limit,
  maxReferenceVideos: limit,
  maxReferenceAudios: limit,
  referenceTypes: words,
  supportsLastFrame: z.boolean().exactOptional(),
  supportsOffPeak: z.boolean().exactOptional(),
  aspectRatios: words,
  resolutions: words,
  durations,
});

const models = z
  .record(
    text,
    z.strictObject({
      rules: rules.default({}),
      versions: z.record(text, rules).default({}),
      unversioned: rules.default({}),
    }),
  )
  .default({});

// A version's rules override those of its model. A model without a version gets the loosest of its versions' rules,
// overridden by `unversioned`.
const catalogueFile = z.strictObject({
  about: z.string().default(''),
  extends: z.literal('built-in', { error: 'must be "built-in", or left out' }).exactOptional(),
  IMAGE: models,
  VIDEO: models,
  AUDIO: models,
});

export type WrittenCatalogue = z.infer<typeof catalogueFile>;
export type WrittenModels = WrittenCatalogue[TaskKind];
export type WrittenModel = WrittenModels[string];

export class ModelCatalogueError extends Error {
  override readonly name = 'ModelCatalogueError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`The model catalogue has mistakes:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}

export function parseCatalogueFile(json: unknown): WrittenCatalogue {
  const result = catalogueFile.safeParse(json);
  if (result.success) return result.data;
  throw new ModelCatalogueError(
    result.error.issues.map((issue) => `${z.core.toDotPath(issue.path) || 'the file'}: ${issue.message}`),
  );
}
