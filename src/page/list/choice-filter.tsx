import { filterBy } from '../routing/use-view.ts';
import type { View } from '../routing/view.ts';

type ChoiceFilterProps<Choice extends string> = {
  label: string;
  chosen: Choice | null;
  choices: readonly Choice[];
  nameOf(choice: Choice): string;
  change(choice: Choice | null): Partial<View>;
};

export function ChoiceFilter<Choice extends string>(props: ChoiceFilterProps<Choice>) {
  const { label, chosen, choices, nameOf, change } = props;
  return (
    <label>
      {label}
      <select
        value={chosen ?? ''}
        onChange={({ target }) => filterBy(change(choices.find((choice) => choice === target.value) ?? null))}
      >
        <option value="">Any</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {nameOf(choice)}
          </option>
        ))}
      </select>
    </label>
  );
}
