import { referenceNames } from './draft.ts';
import type { Field } from './fields.ts';

/** Tells which mistakes have a field to stand at. */
export function shownNames(fields: readonly Field[]): (name: string) => boolean {
  const names: readonly string[] = [...fields.map(({ name }) => name), ...referenceNames];
  return (name) => names.includes(name.split('.', 1)[0] ?? '');
}
