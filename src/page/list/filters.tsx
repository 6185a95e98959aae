import { useQuery } from 'urql';
import { ModelsDocument } from '../generated/graphql.ts';
import { filterBy, useView } from '../routing/use-view.ts';
import { statuses } from '../routing/view.ts';
import { statusNames } from '../words/labels.ts';
import { Search } from './search.tsx';

const nothing = { status: null, model: '', search: '', from: '', to: '' };

export function Filters() {
  const { status, model, from, to, search } = useView();
  const isFiltered = Boolean(status ?? (model || from || to || search));
  return (
    <form role="search" aria-label="Tasks" className="filters" onSubmit={(event) => event.preventDefault()}>
      <Search />
      <label>
        Status
        <select
          value={status ?? ''}
          onChange={({ target }) => filterBy({ status: statuses.find((known) => known === target.value) ?? null })}
        >
          <option value="">Any</option>
          {statuses.map((known) => (
            <option key={known} value={known}>
              {statusNames[known]}
            </option>
          ))}
        </select>
      </label>
      <ModelFilter chosen={model} />
      <label>
        From
        <input type="date" value={from} onChange={({ target }) => filterBy({ from: target.value })} />
      </label>
      <label>
        To
        <input type="date" value={to} onChange={({ target }) => filterBy({ to: target.value })} />
      </label>
      <button type="button" disabled={!isFiltered} onClick={() => filterBy(nothing)}>
        Clear
      </button>
    </form>
  );
}

/** The models of the catalogue, and the one that an address asks for, whatever it is. */
function ModelFilter({ chosen }: { chosen: string }) {
  const { kind } = useView();
  const [{ data }] = useQuery({ query: ModelsDocument });
  const ofKind = (data?.models ?? []).filter((model) => kind === null || model.kind === kind);
  const names = new Set([...ofKind.map(({ name }) => name), ...(chosen === '' ? [] : [chosen])]);
  return (
    <label>
      Model
      <select value={chosen} onChange={({ target }) => filterBy({ model: target.value })}>
        <option value="">Any</option>
        {[...names].toSorted().map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
