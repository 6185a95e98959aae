import { useState } from 'react';
import { filterBy, useView } from '../routing/use-view.ts';
import { firstDay, lastDay } from '../routing/view.ts';

type DayFilterProps = { name: 'from' | 'to'; label: string };

/** While a day is typed, incomplete years are not applied. */
export function DayFilter({ name, label }: DayFilterProps) {
  const { [name]: chosen } = useView();
  const [typed, setTyped] = useState(chosen);
  const [known, setKnown] = useState(chosen);
  if (chosen !== known) {
    setKnown(chosen);
    setTyped(chosen);
  }
  function choose({ value, validity }: HTMLInputElement): void {
    setTyped(value);
    if (validity.valid && value !== chosen) filterBy({ [name]: value });
  }
  return (
    <label>
      {label}
      <input type="date" min={firstDay} max={lastDay} value={typed} onChange={({ target }) => choose(target)} />
    </label>
  );
}
