import { useId } from 'react';
import type { Field } from './fields.ts';

type FieldRowProps = { field: Field; value: string; problems: readonly string[]; onChange(text: string): void };

export function FieldRow({ field: { name, label, hint, control }, value, problems, onChange }: FieldRowProps) {
  const id = useId();
  const isInvalid = problems.length > 0;
  const described = [isInvalid && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const common = {
    id,
    name,
    value,
    'aria-invalid': isInvalid,
    'aria-describedby': described || undefined,
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
  };
  return (
    <div className={control.as === 'area' ? 'field wide' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {control.as === 'area' && <textarea {...common} dir="auto" rows={control.rows} />}
      {control.as === 'text' && <input {...common} dir="auto" />}
      {control.as === 'number' && <input {...common} inputMode="numeric" />}
      {control.as === 'select' && (
        <select {...common}>
          {control.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
      {isInvalid && (
        <p id={`${id}-problem`} className="problem">
          {problems.join(' ')}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="quiet">
          {hint}
        </p>
      )}
    </div>
  );
}
