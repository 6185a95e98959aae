import { isOffPeak } from '../task/following.ts';
import type { ModelCatalogue } from '../models/model-catalogue.ts';
import type { Task, TaskKind } from '../task/task.ts';

export type DurationKey = { kind: TaskKind; model: string; version: string };

const offPeakVersion = ' (off-peak)';
/** All names that the catalogue doesn't know: callers choose them, and what is stored must not grow with that. */
const other = ' (other)';

/** null for an adopted task: neither its model nor its beginning is known. */
export function durationKeyOf(
  task: Pick<Task, 'kind' | 'request'>,
  catalogue: Pick<ModelCatalogue, 'find'>,
): DurationKey | null {
  if (task.request === null) return null;
  const { kind } = task;
  const { name = '', version: requested = '' } = task.request.model ?? {};
  const { model, version } = catalogued({ kind, model: name, version: requested }, catalogue);
  return { kind, model, version: isOffPeak(task) ? `${version}${offPeakVersion}` : version };
}

/** A key may have been stored with another catalogue. */
export function isCatalogued(key: DurationKey, catalogue: Pick<ModelCatalogue, 'find'>): boolean {
  const version = isOffPeakKey(key) ? key.version.slice(0, -offPeakVersion.length) : key.version;
  const found = catalogued({ ...key, version }, catalogue);
  return found.model === key.model && found.version === version;
}

function catalogued(key: DurationKey, catalogue: Pick<ModelCatalogue, 'find'>): DurationKey {
  const { kind, model, version } = key;
  if (model === '') return { ...key, version: '' };
  const known = catalogue.find(kind, model);
  if (known === undefined) return { kind, model: other, version: '' };
  return known.versions.some((of) => (of.version ?? '') === version) ? key : { ...key, version: other };
}

export function durationKeyText({ kind, model, version }: DurationKey): string {
  return JSON.stringify([kind, model, version]);
}

export function isOffPeakKey({ version }: DurationKey): boolean {
  return version.endsWith(offPeakVersion);
}
