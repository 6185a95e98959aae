import type { ModelCatalogue } from './model-catalogue.ts';
import { kindRules } from './model-rules.ts';
import type { VersionRules } from './model-rules.ts';
import type { TaskRequest } from '../request/request.ts';
import type { TaskKind } from '../task/task.ts';
import { quote } from '../request/text.ts';

/** The model that a request is for: its documented rules, and what to call it in a message. */
export type AskedModel = {
  label: string;
  rules: VersionRules;
  /** Scene types that are documented for any model of the kind. */
  documentedSceneTypes: readonly string[];
};

/** A model or version that the catalogue doesn't know is held to what holds for every model, with a warning. */
export function findAskedModel(
  { kind, model }: TaskRequest,
  catalogue: ModelCatalogue,
): { asked: AskedModel; warnings: string[] } {
  if (model === undefined) return { asked: anyModel(kind), warnings: [] };
  const known = catalogue.find(kind, model.name);
  if (known === undefined) {
    return unknown(kind, `${kind.toLowerCase()} model ${quote(model.name)}`, findSimilar(kind, model.name, catalogue));
  }
  const rules = known.versions.find(({ version }) => version === (model.version ?? null));
  if (rules === undefined) return unknown(kind, `version ${quote(model.version ?? '')} of ${known.name}`);
  const documentedSceneTypes = catalogue.models
    .filter((other) => other.kind === kind)
    .flatMap((other) => other.versions.flatMap((version) => version.sceneTypes));
  const label = rules.version === null ? known.name : `${known.name} ${rules.version}`;
  return { asked: { label, rules, documentedSceneTypes }, warnings: [] };
}

function unknown(kind: TaskKind, what: string, meant?: string): { asked: AskedModel; warnings: string[] } {
  const warning = `The catalogue does not know the ${what}: the request is passed on without a check of the model's limits.`;
  return {
    asked: anyModel(kind),
    warnings: [meant === undefined ? warning : `${warning} Did you mean ${quote(meant)}?`],
  };
}

/** A model whose name is the same but for case, spaces and punctuation. */
function findSimilar(kind: TaskKind, name: string, { models }: ModelCatalogue): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  return models.find((model) => model.kind === kind && plain(model.name) === plain(name))?.name;
}

function anyModel(kind: TaskKind): AskedModel {
  return { label: 'This model', rules: { ...kindRules[kind], supportsOffPeak: true }, documentedSceneTypes: [] };
}
