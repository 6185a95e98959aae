import { parseCatalogueFile } from './model-catalogue-file.ts';
import type { WrittenCatalogue, WrittenModel, WrittenModels } from './model-catalogue-file.ts';
import builtInFile from './model-catalogue.json' with { type: 'json' };
import { kindRules, loosestRules } from './model-rules.ts';
import type { ModelRules } from './model-rules.ts';
import { taskKinds } from '../task/task.ts';
import type { TaskKind } from '../task/task.ts';

export type { ModelRules } from './model-rules.ts';

/** The first version is the vendor's stable default, `version: null`. */
export type CatalogueModel = { kind: TaskKind; name: string; versions: ModelRules[] };

export type ModelCatalogue = {
  models: readonly CatalogueModel[];
  find(kind: TaskKind, name: string): CatalogueModel | undefined;
};

/** One with `"extends": "built-in"` overrides the built-in catalogue. Throws a ModelCatalogueError with every mistake. */
export function parseModelCatalogue(json: unknown): ModelCatalogue {
  const written = parseCatalogueFile(json);
  return createCatalogue(written.extends === undefined ? written : extend(parseCatalogueFile(builtInFile), written));
}

function extend(known: WrittenCatalogue, added: WrittenCatalogue): WrittenCatalogue {
  return {
    about: added.about,
    IMAGE: mergeModels(known.IMAGE, added.IMAGE),
    VIDEO: mergeModels(known.VIDEO, added.VIDEO),
    AUDIO: mergeModels(known.AUDIO, added.AUDIO),
  };
}

export const builtInCatalogue = parseModelCatalogue(builtInFile);

function createCatalogue(written: WrittenCatalogue): ModelCatalogue {
  const models = taskKinds.flatMap((kind) =>
    Object.entries(written[kind]).map(([name, model]) => ({ kind, name, versions: resolveVersions(kind, model) })),
  );
  return { models, find: (kind, name) => models.find((model) => model.kind === kind && model.name === name) };
}

function resolveVersions(kind: TaskKind, { rules, versions, unversioned }: WrittenModel): ModelRules[] {
  const common = { ...kindRules[kind], ...rules };
  const resolved = Object.entries(versions).map(([version, own]) => ({ ...common, ...own, version }));
  const [first = common, ...others] = resolved;
  return [{ ...loosestRules([first, ...others]), ...unversioned, version: null }, ...resolved];
}

function mergeModels(known: WrittenModels, added: WrittenModels): WrittenModels {
  return mergeEntries(known, added, (model, change) => ({
    rules: { ...model.rules, ...change.rules },
    versions: mergeEntries(model.versions, change.versions, (rules, own) => ({ ...rules, ...own })),
    unversioned: { ...model.unversioned, ...change.unversioned },
  }));
}

function mergeEntries<T>(known: Record<string, T>, added: Record<string, T>, merge: (one: T, other: T) => T) {
  const merged = { ...known };
  for (const [key, value] of Object.entries(added)) {
    const before = merged[key];
    merged[key] = before === undefined ? value : merge(before, value);
  }
  return merged;
}
