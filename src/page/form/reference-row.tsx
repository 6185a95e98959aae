import { useId } from 'react';
import type { Reference, ReferenceName } from './draft.ts';

type ReferenceRowProps = {
  list: ReferenceName;
  label: string;
  hasRole: boolean;
  reference: Reference;
  problems: readonly string[];
  onChange(reference: Reference): void;
  onRemove(): void;
};

export function ReferenceRow({ list, label, hasRole, reference, problems, onChange, onRemove }: ReferenceRowProps) {
  const id = useId();
  const isInvalid = problems.length > 0;
  return (
    <div className="reference">
      <label>
        {label}
        <input
          value={reference.url}
          placeholder="https://…"
          aria-invalid={isInvalid}
          aria-describedby={isInvalid ? `${id}-problem` : undefined}
          onChange={({ target }) => onChange({ ...reference, url: target.value })}
        />
      </label>
      {hasRole && list === 'referenceImages' && (
        <label>
          Used as
          <select value={reference.role} onChange={({ target }) => onChange({ ...reference, role: target.value })}>
            <option value="">Default</option>
            <option value="asset">Subject</option>
            <option value="style">Style</option>
          </select>
        </label>
      )}
      {hasRole && list === 'referenceVideos' && <VideoRole reference={reference} onChange={onChange} />}
      <button type="button" className="small" aria-label={`Remove ${label.toLowerCase()}`} onClick={onRemove}>
        Remove
      </button>
      {isInvalid && (
        <p id={`${id}-problem`} className="problem">
          {problems.join(' ')}
        </p>
      )}
    </div>
  );
}

function VideoRole({ reference, onChange }: Pick<ReferenceRowProps, 'reference' | 'onChange'>) {
  return (
    <>
      <label>
        Used as
        <select value={reference.role} onChange={({ target }) => onChange({ ...reference, role: target.value })}>
          <option value="">Default</option>
          <option value="FEATURE">What it shows</option>
          <option value="BASE">To be edited</option>
        </select>
      </label>
      <label>
        Its sound
        <select value={reference.sound} onChange={({ target }) => onChange({ ...reference, sound: target.value })}>
          <option value="">Default</option>
          <option value="yes">Kept</option>
          <option value="no">Dropped</option>
        </select>
      </label>
    </>
  );
}
