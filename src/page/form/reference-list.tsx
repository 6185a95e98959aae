import { useId, useRef } from 'react';
import { flushSync } from 'react-dom';
import { plainReference, type Reference, type ReferenceName } from './draft.ts';
import { messagesAt, type Issue } from './issues.ts';
import { ReferenceRow } from './reference-row.tsx';

type ReferenceListProps = {
  name: ReferenceName;
  title: string;
  max: number;
  hasRole: boolean;
  references: readonly Reference[];
  issues: readonly Issue[];
  onChange(references: readonly Reference[]): void;
};

export function ReferenceList({ name, title, max, hasRole, references, issues, onChange }: ReferenceListProps) {
  const id = useId();
  const problems = messagesAt(issues, name);
  const replace = (at: number, reference: Reference) =>
    onChange(references.map((old, index) => (index === at ? reference : old)));
  const list = useRef<HTMLFieldSetElement>(null);
  /** The focus goes to the previous row, else to the button that adds one. */
  function remove(at: number): void {
    flushSync(() => onChange(references.filter((_, index) => index !== at)));
    const rows = list.current?.querySelectorAll<HTMLElement>('.reference input');
    const next = rows?.[Math.max(0, at - 1)] ?? list.current?.querySelector<HTMLElement>(':scope > button');
    next?.focus();
  }
  return (
    <fieldset ref={list} className="references" aria-describedby={problems.length > 0 ? `${id}-problem` : undefined}>
      <legend>{title}</legend>
      {references.map((reference, index) => (
        <ReferenceRow
          // oxlint-disable-next-line react/no-array-index-key -- only its place identifies a row
          key={index}
          list={name}
          label={`${title.replace(/s$/, '')} ${index + 1}`}
          hasRole={hasRole}
          reference={reference}
          problems={messagesAt(issues, `${name}.${index}`)}
          onChange={(changed) => replace(index, changed)}
          onRemove={() => remove(index)}
        />
      ))}
      {problems.length > 0 && (
        <p id={`${id}-problem`} className="problem">
          {problems.join(' ')}
        </p>
      )}
      {references.length < max && (
        <button type="button" className="small" onClick={() => onChange([...references, plainReference('')])}>
          Add {title.toLowerCase().replace(/s$/, '')}
        </button>
      )}
    </fieldset>
  );
}
