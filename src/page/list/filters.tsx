import { useState } from 'react';
import { useQuery } from 'urql';
import { ModelsDocument } from '../generated/graphql.ts';
import { filterBy, useView } from '../routing/use-view.ts';
import { modesFor, statuses } from '../routing/view.ts';
import { modeNames, statusNames } from '../words/labels.ts';
import { ChoiceFilter } from './choice-filter.tsx';
import { DayFilter } from './day-filter.tsx';
import { TypedFilter } from './typed-filter.tsx';

const nothing = { status: null, mode: null, model: '', operator: '', search: '', from: '', to: '' };

export function Filters() {
  const { kind, status, mode, model, operator, from, to, search } = useView();
  const isFiltered = Boolean(status ?? mode ?? (model || operator || from || to || search));
  const [clearings, setClearings] = useState(0);
  function clear(): void {
    // Also clears what was typed a moment ago and is not applied yet.
    setClearings(clearings + 1);
    filterBy(nothing);
  }
  return (
    <form role="search" aria-label="Tasks" className="filters" onSubmit={(event) => event.preventDefault()}>
      <TypedFilter
        key={`search ${clearings}`}
        name="search"
        label="Search"
        placeholder="Words of the prompt"
        maxLength={200}
      />
      <ChoiceFilter
        label="Status"
        chosen={status}
        choices={statuses}
        nameOf={(choice) => statusNames[choice]}
        change={(choice) => ({ status: choice })}
      />
      <ChoiceFilter
        label="Type"
        chosen={mode}
        choices={modesFor(kind)}
        nameOf={(choice) => modeNames[choice]}
        change={(choice) => ({ mode: choice })}
      />
      <ChoiceFilter
        label="Model"
        chosen={model || null}
        choices={useModelNames(model)}
        nameOf={(choice) => choice}
        change={(choice) => ({ model: choice ?? '' })}
      />
      <TypedFilter key={`operator ${clearings}`} name="operator" label="Operator" maxLength={255} />
      <DayFilter name="from" label="From" />
      <DayFilter name="to" label="To" />
      <button type="button" aria-disabled={!isFiltered} onClick={clear}>
        Clear
      </button>
    </form>
  );
}

/** The models of the catalogue, and the one that the URL names, known or not. */
function useModelNames(chosen: string): string[] {
  const { kind } = useView();
  const [{ data }] = useQuery({ query: ModelsDocument });
  const ofKind = (data?.models ?? []).filter((model) => kind === null || model.kind === kind);
  const names = new Set([...ofKind.map(({ name }) => name), ...(chosen === '' ? [] : [chosen])]);
  return [...names].toSorted();
}
