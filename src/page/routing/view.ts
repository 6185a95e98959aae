import type { TaskFilter, TaskKind, TaskStatus } from '../generated/graphql.ts';

export const kinds: readonly TaskKind[] = ['IMAGE', 'VIDEO', 'AUDIO'];
export const statuses: readonly TaskStatus[] = ['WAIT', 'RUN', 'DONE', 'FAIL'];

/** What is on the screen. All of it is in the address, so that a reload, a bookmark and a link show the same. */
export type View = {
  kind: TaskKind | null;
  status: TaskStatus | null;
  model: string;
  search: string;
  /** Days of the user's calendar, such as 2026-11-20, both included. */
  from: string;
  to: string;
  /** Where the page of the list begins, or ends. */
  after: string;
  before: string;
  /** The task that is open. */
  task: string;
  /** What the open form is to create. */
  create: TaskKind | null;
  /** The task whose request the form begins with. */
  like: string;
};

export function parseView(query: string): View {
  const parameters = new URLSearchParams(query);
  const text = (name: string): string => parameters.get(name) ?? '';
  return {
    kind: kinds.find((kind) => kind === text('kind')) ?? null,
    status: statuses.find((status) => status === text('status')) ?? null,
    model: text('model'),
    search: text('search'),
    from: text('from'),
    to: text('to'),
    after: text('after'),
    before: text('before'),
    task: text('task'),
    create: kinds.find((kind) => kind === text('create')) ?? null,
    like: text('like'),
  };
}

/** The address of a view: only what differs from an empty one. */
export function addressOf(view: View): string {
  const set = Object.entries(view).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const query = new URLSearchParams(set).toString();
  return query === '' ? '/' : `/?${query}`;
}

export function filterOf({ kind, status, model, search, from, to }: View): TaskFilter {
  return {
    ...(kind && { kinds: [kind] }),
    ...(status && { statuses: [status] }),
    ...(model && { modelNames: [model] }),
    ...(search.trim() && { search: search.trim() }),
    ...(from && { createdAfter: dayBegins(from, 0) }),
    ...(to && { createdBefore: dayBegins(to, 1) }),
  };
}

/** Midnight where the user is. A day that is none is left for the gateway to refuse. */
function dayBegins(day: string, later: number): string {
  const date = new Date(`${day}T00:00:00`);
  if (Number.isNaN(date.getTime())) return day;
  date.setDate(date.getDate() + later);
  return date.toISOString();
}
