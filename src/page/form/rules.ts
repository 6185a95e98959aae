import type { ModelsQuery } from '../generated/graphql.ts';
import type { Draft } from './draft.ts';

type Model = NonNullable<ModelsQuery['models']>[number];
export type Rules = Model['versions'][number];

export function modelsFor({ kind }: Draft, models: readonly Model[]): readonly Model[] {
  return models.filter((model) => model.kind === kind);
}

/** Of the version that is chosen; null where the catalogue doesn't know it, or nothing is chosen. */
export function findRules(draft: Draft, models: readonly Model[]): Rules | null {
  const { model: name, version } = draft.texts;
  const versions = modelsFor(draft, models).find((model) => model.name === name)?.versions ?? [];
  return versions.find((known) => (known.version ?? '') === version) ?? versions[0] ?? null;
}

/** Of what the catalogue knows nothing, the gateway takes as many. */
const mostReferences = 50;

/** What a scene takes is not documented, and may be more than its model alone. */
export function referenceLimit(draft: Draft, rules: Rules | null, of: 'Images' | 'Videos' | 'Audios'): number {
  const limit = rules?.[`maxReference${of}`] ?? mostReferences;
  return limit === 0 && of === 'Videos' && draft.texts.sceneType !== '' ? mostReferences : limit;
}
