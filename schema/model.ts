import type { CatalogueModel, ModelRules } from '../src/domain/models/model-catalogue.ts';
import { maxReferences, maxTextLength } from '../src/domain/request/request-bounds.ts';
import type { TaskKind } from '../src/domain/task/task.ts';
import { builder } from './builder.ts';
import { TaskKindEnum } from './task-enums.ts';

type ModelVersionShape = ModelRules & { kind: TaskKind; name: string };

const ModelVersion = builder.objectRef<ModelVersionShape>('ModelVersion').implement({
  description:
    "What a form needs to be right before it sends: the rules that the vendor's API pages document (2025-12 to 2026-07), and what was measured here.",
  fields: (t) => ({
    version: t.exposeString('version', {
      nullable: true,
      description: "What to send as `ModelInput.version`. Null: the vendor's stable default.",
    }),
    sceneTypes: t.exposeStringList('sceneTypes', {
      description: 'What `sceneType` may be. Empty: it has to be left out.',
    }),
    maxPromptLength: t.exposeInt('maxPromptLength', {
      nullable: true,
      description: `Characters. Null: not documented, so that ours of ${maxTextLength.toLocaleString('en')} holds.`,
    }),
    supportsNegativePrompt: t.exposeBoolean('supportsNegativePrompt', {
      nullable: true,
      description: 'Whether `negativePrompt` may be sent. Null: not documented, so it is passed on.',
    }),
    maxReferenceImages: t.int({
      description: `How many \`referenceImages\` it takes; where the vendor documents no limit, ours of ${maxReferences}.`,
      resolve: (rules) => rules.maxReferenceImages ?? maxReferences,
    }),
    maxReferenceVideos: t.int({
      description: 'How many `referenceVideos` it takes; as for images.',
      resolve: (rules) => rules.maxReferenceVideos ?? maxReferences,
    }),
    maxReferenceAudios: t.int({
      description: 'How many `referenceAudios` it takes; as for images.',
      resolve: (rules) => rules.maxReferenceAudios ?? maxReferences,
    }),
    supportsLastFrame: t.exposeBoolean('supportsLastFrame', { description: 'Whether `lastFrame` may be sent.' }),
    supportsOffPeak: t.exposeBoolean('supportsOffPeak', { description: 'Whether `offPeak` may be true.' }),
    aspectRatios: t.exposeStringList('aspectRatios', {
      description: 'What `aspectRatio` may be. Empty: any, or not documented.',
    }),
    resolutions: t.exposeStringList('resolutions', {
      description: 'What `resolution` may be. Empty: any, or not documented.',
    }),
    durations: t.exposeIntList('durations', {
      description: 'What `duration` may be, in seconds. Empty: any, or not documented.',
    }),
    medianSeconds: t.float({
      nullable: true,
      description: 'How long half of its tasks took at most, from submission to end. Null before any was seen here.',
      resolve: ({ kind, name, version }, _arguments, { useCases }) => useCases.medianSeconds(kind, { name, version }),
    }),
  }),
});

const Model = builder.objectRef<CatalogueModel>('Model').implement({
  description: "A model of the vendor's that makes one kind of thing.",
  fields: (t) => ({
    kind: t.expose('kind', { type: TaskKindEnum, description: 'What it makes.' }),
    name: t.exposeString('name', { description: 'What to send as `ModelInput.name`.' }),
    versions: t.field({
      type: [ModelVersion],
      description: "With the rules of each; the vendor's stable default comes first.",
      resolve: ({ kind, name, versions }) => versions.map((rules) => ({ ...rules, kind, name })),
    }),
  }),
});

builder.queryField('models', (t) =>
  t.field({
    type: [Model],
    nullable: { list: true, items: false },
    description:
      "The models that are known here, for a form's choices. New ones appear monthly: a model that is not in this list may be asked for as well.",
    args: { kind: t.arg({ type: TaskKindEnum, description: 'Only those that make this. Left out: all.' }) },
    complexity: { field: 1, multiplier: 20 },
    resolve: (_root, { kind }, { useCases }) => useCases.models(kind ?? null),
  }),
);
