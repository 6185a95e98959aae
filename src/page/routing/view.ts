import type { GenerationMode, TaskChangeFilter, TaskFilter, TaskKind, TaskStatus } from '../generated/graphql.ts';

export const kinds: readonly TaskKind[] = ['IMAGE', 'VIDEO', 'AUDIO'];
export const statuses: readonly TaskStatus[] = ['WAIT', 'RUN', 'DONE', 'FAIL'];

const modes: readonly GenerationMode[] = [
  'TEXT_TO_IMAGE',
  'IMAGE_TO_IMAGE',
  'TEXT_TO_VIDEO',
  'IMAGE_TO_VIDEO',
  'VIDEO_TO_VIDEO',
  'TEXT_TO_AUDIO',
  'AUDIO_TO_AUDIO',
  'VIDEO_TO_AUDIO',
  'UNKNOWN',
];

/** Which modes there are of a kind, or of any. */
export function modesFor(kind: TaskKind | null): readonly GenerationMode[] {
  return modes.filter((mode) => kind === null || mode === 'UNKNOWN' || mode.endsWith(`_TO_${kind}`));
}

/** No task is older, and what is later is a mistake in typing. */
export const firstDay = '2000-01-01';
export const lastDay = '2099-12-31';

/** What is on the screen. All of it is in the address, so that a reload, a bookmark and a link show the same. */
export type View = {
  kind: TaskKind | null;
  status: TaskStatus | null;
  mode: GenerationMode | null;
  model: string;
  operator: string;
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
    mode: modes.find((mode) => mode === text('mode')) ?? null,
    model: text('model'),
    operator: text('operator'),
    search: text('search'),
    from: dayOf(text('from')),
    to: dayOf(text('to')),
    after: text('after'),
    before: text('before'),
    task: text('task'),
    create: kinds.find((kind) => kind === text('create')) ?? null,
    like: text('like'),
  };
}

/** Which changes may concern a list: what never changes of a task, and a subscription can be told. */
export function changeFilterOf({ kind, model, operator }: View): TaskChangeFilter {
  return {
    ...(kind && { kinds: [kind] }),
    ...(model && { modelNames: [model] }),
    ...(operator.trim() && { operator: operator.trim() }),
  };
}

/** The address of a view: only what differs from an empty one. */
export function addressOf(view: View): string {
  const set = Object.entries(view).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const query = new URLSearchParams(set).toString();
  return query === '' ? '/' : `/?${query}`;
}

export function filterOf({ kind, status, mode, model, operator, search, from, to }: View): TaskFilter {
  return {
    ...(kind && { kinds: [kind] }),
    ...(status && { statuses: [status] }),
    ...(mode && { modes: [mode] }),
    ...(model && { modelNames: [model] }),
    ...(operator.trim() && { operator: operator.trim() }),
    ...(search.trim() && { search: search.trim() }),
    ...(from && { createdAfter: dayBegins(from, 0) }),
    ...(to && { createdBefore: dayBegins(to, 1) }),
  };
}

/** What is no day, in an address typed by hand, filters nothing. */
function dayOf(text: string): string {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  return isDay && text >= firstDay && text <= lastDay ? text : '';
}

/** Midnight where the user is. */
function dayBegins(day: string, later: number): string {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + later);
  return date.toISOString();
}
