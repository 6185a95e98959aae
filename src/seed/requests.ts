import type { CatalogueModel, ModelCatalogue, ModelRules } from '../domain/models/model-catalogue.ts';
import type { TaskRequest } from '../domain/request/request.ts';
import type { TaskKind } from '../domain/task/task.ts';
import type { Random } from '../kit/seeded-random.ts';
import { makePrompt } from './prompts.ts';

const operators = ['alice', 'bob', 'chen.wei', 'dana', 'studio-1', 'studio-2', '王芳', 'nightly'] as const;
const defaultRatios = ['16:9', '9:16', '1:1', '4:3'];
const defaultResolutions = ['720P', '1080P'];
const defaultDurations = [5, 10];

/** A request that the model takes, as a frontend might have sent it: half are images, every sixth is audio. */
export function makeRequest(random: Random, { models }: Pick<ModelCatalogue, 'models'>): TaskRequest {
  const kind = random.pick<TaskKind>(['IMAGE', 'IMAGE', 'IMAGE', 'VIDEO', 'VIDEO', 'AUDIO']);
  const model = pickOf(
    random,
    models.filter((of) => of.kind === kind),
    null,
  );
  const rules = model === null ? null : pickOf(random, model.versions, null);
  const common = {
    prompt: makePrompt(random, kind),
    ...(model !== null && { model: refOf(model, rules) }),
    ...(random.fraction() < 0.4 && { operator: random.pick(operators) }),
  };
  if (kind === 'AUDIO') return { kind, ...common, outputFormat: random.pick(['MP3', 'WAV']) };
  const picture = { ...common, ...formOf(random, rules), ...referencesOf(random, kind, rules) };
  if (kind === 'IMAGE') return { kind, ...picture };
  const isOffPeak = rules?.supportsOffPeak === true && random.fraction() < 0.2;
  const duration = pickOf(random, documented(rules?.durations, defaultDurations), 5);
  return { kind, ...picture, duration, ...(isOffPeak && { offPeak: true }) };
}

function refOf({ name }: CatalogueModel, rules: ModelRules | null): { name: string; version?: string } {
  return { name, ...(rules !== null && rules.version !== null && { version: rules.version }) };
}

function formOf(random: Random, rules: ModelRules | null) {
  return {
    aspectRatio: pickOf(random, documented(rules?.aspectRatios, defaultRatios), '16:9'),
    resolution: pickOf(random, documented(rules?.resolutions, defaultResolutions), '1080P'),
  };
}

/** A fifth begin with a picture. */
function referencesOf(random: Random, kind: TaskKind, rules: ModelRules | null) {
  if (random.fraction() >= 0.2 || rules?.maxReferenceImages === 0) return {};
  const number = random.integer(1, 9_999);
  return { referenceImages: [{ url: `https://inputs.example.com/${kind.toLowerCase()}/${number}.jpg` }] };
}

function documented<Value>(values: readonly Value[] | undefined, defaults: readonly Value[]): readonly Value[] {
  return values === undefined || values.length === 0 ? defaults : values;
}

function pickOf<Value, Other>(random: Random, values: readonly Value[], other: Other): Value | Other {
  return values[random.integer(0, values.length - 1)] ?? other;
}
