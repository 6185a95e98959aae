import { useEffect, useRef, useState } from 'react';
import { filterBy, useView } from '../routing/use-view.ts';

/** Long enough that not every letter is a search. */
const pauseMs = 300;

export function Search() {
  const { search } = useView();
  const [typed, setTyped] = useState(search);
  const [known, setKnown] = useState(search);
  if (search !== known) {
    setKnown(search);
    setTyped(search);
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  function type(text: string): void {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => filterBy({ search: text }), pauseMs);
  }
  return (
    <label className="search">
      Search
      <input
        type="search"
        maxLength={200}
        placeholder="Words of the prompt"
        value={typed}
        onChange={({ target }) => type(target.value)}
      />
    </label>
  );
}
