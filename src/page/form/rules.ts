import type { ModelsQuery } from '../generated/graphql.ts';
import type { Draft } from './draft.ts';

type Model = NonNullable<ModelsQuery['models']>[number];
export type Rules = Model['versions'][number];

export function modelsFor({ kind }: Draft, models: readonly Model[]): readonly Model[] {
  return models.filter((model) => model.kind === kind);
}

/** The rules of the chosen version; null for one that the catalogue doesn't know, or no choice. */
export function findRules(draft: Draft, models: readonly Model[]): Rules | null {
  const { model: name, version } = draft.texts;
  const versions = modelsFor(draft, models).find((model) => model.name === name)?.versions ?? [];
  return versions.find((known) => (known.version ?? '') === version) ?? versions[0] ?? null;
}

/** The gateway's own limit, where the catalogue has none. */
const maxReferences = 50;

/** The limits of a scene are not documented, and may be above those of its model. */
export function referenceLimit(draft: Draft, rules: Rules | null, of: 'Images' | 'Videos' | 'Audios'): number {
  const limit = rules?.[`maxReference${of}`] ?? maxReferences;
  return limit === 0 && of === 'Videos' && draft.texts.sceneType !== '' ? maxReferences : limit;
}
