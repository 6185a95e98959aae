import { useEffect, useRef, useState } from 'react';
import { filterBy, useView } from '../routing/use-view.ts';

/** Long enough that not every letter is a search. */
const pauseMs = 300;

type TypedFilterProps = {
  name: 'search' | 'operator';
  label: string;
  placeholder?: string;
  maxLength: number;
};

/** A filter that applies while the user types. */
export function TypedFilter({ name, label, placeholder, maxLength }: TypedFilterProps) {
  const { [name]: chosen } = useView();
  const [typed, setTyped] = useState(chosen);
  const [known, setKnown] = useState(chosen);
  if (chosen !== known) {
    setKnown(chosen);
    setTyped(chosen);
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  function type(text: string): void {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => filterBy({ [name]: text }, { replace: true }), pauseMs);
  }
  return (
    <label className={name}>
      {label}
      <input
        type="search"
        dir="auto"
        maxLength={maxLength}
        placeholder={placeholder}
        value={typed}
        onChange={({ target }) => type(target.value)}
      />
    </label>
  );
}
