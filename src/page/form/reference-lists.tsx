import type { ModelsQuery } from '../generated/graphql.ts';
import type { Draft, Reference, ReferenceName } from './draft.ts';
import type { Issue } from './issues.ts';
import { ReferenceList } from './reference-list.tsx';
import { findRules, referenceLimit } from './rules.ts';

type ReferenceListsProps = {
  draft: Draft;
  models: NonNullable<ModelsQuery['models']>;
  issues: readonly Issue[];
  onChange(name: ReferenceName, references: readonly Reference[]): void;
};

const listsOf = {
  IMAGE: ['Images'],
  VIDEO: ['Images', 'Videos', 'Audios'],
  AUDIO: ['Audios', 'Videos'],
} as const;

/** Up to the limit of the chosen model; references beyond it, typed before the model was chosen, stay visible. */
export function ReferenceLists({ draft, models, issues, onChange }: ReferenceListsProps) {
  const rules = findRules(draft, models);
  return listsOf[draft.kind].map((of) => {
    const name = `reference${of}` as const;
    const max = referenceLimit(draft, rules, of);
    if (max === 0 && draft.references[name].length === 0) return null;
    return (
      <ReferenceList
        key={name}
        name={name}
        title={`Reference ${of.toLowerCase()}`}
        max={max}
        hasRole={of === 'Images' || (of === 'Videos' && draft.kind === 'VIDEO')}
        references={draft.references[name]}
        issues={issues}
        onChange={(references) => onChange(name, references)}
      />
    );
  });
}
