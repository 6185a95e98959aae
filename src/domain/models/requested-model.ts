import type { ModelCatalogue } from './model-catalogue.ts';
import { kindRules } from './model-rules.ts';
import type { VersionRules } from './model-rules.ts';
import type { TaskRequest } from '../request/request.ts';
import type { TaskKind } from '../task/task.ts';
import { quote } from '../request/text.ts';

export type RequestedModel = {
  label: string;
  rules: VersionRules;
  documentedSceneTypes: readonly string[];
};

/** What the catalogue doesn't know gets the rules for every model, and a warning. */
export function findRequestedModel(
  { kind, model }: TaskRequest,
  catalogue: ModelCatalogue,
): { requested: RequestedModel; warnings: string[] } {
  if (model === undefined) return { requested: anyModel(kind), warnings: [] };
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
  return { requested: { label, rules, documentedSceneTypes }, warnings: [] };
}

function unknown(kind: TaskKind, what: string, meant?: string): { requested: RequestedModel; warnings: string[] } {
  const warning = `The catalogue does not know the ${what}: the request is passed on without a check of the model's limits.`;
  return {
    requested: anyModel(kind),
    warnings: [meant === undefined ? warning : `${warning} Did you mean ${quote(meant)}?`],
  };
}

function findSimilar(kind: TaskKind, name: string, { models }: ModelCatalogue): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  return models.find((model) => model.kind === kind && plain(model.name) === plain(name))?.name;
}

function anyModel(kind: TaskKind): RequestedModel {
  return { label: 'This model', rules: { ...kindRules[kind], supportsOffPeak: true }, documentedSceneTypes: [] };
}
