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

export function modesFor(kind: TaskKind | null): readonly GenerationMode[] {
  return modes.filter((mode) => kind === null || mode === 'UNKNOWN' || mode.endsWith(`_TO_${kind}`));
}

/** No task is older; an earlier day is a typing mistake. */
export const firstDay = '2000-01-01';
export const lastDay = '2099-12-31';

/** What is on the screen. All of it is in the URL, so that a reload, a bookmark and a link show the same. */
export type View = {
  kind: TaskKind | null;
  status: TaskStatus | null;
  mode: GenerationMode | null;
  model: string;
  operator: string;
  search: string;
  /** Days in the user's calendar, such as 2026-11-20, both included. */
  from: string;
  to: string;
  /** The cursor at which the page of the list begins, or ends. */
  after: string;
  before: string;
  /** The id of the open task. */
  task: string;
  /** The kind that the open form creates. */
  create: TaskKind | null;
  /** The id of the task whose request the form begins with. */
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

/** The conditions that never change for a task, which a subscription accepts. */
export function changeFilterOf({ kind, model, operator }: View): TaskChangeFilter {
  return {
    ...(kind && { kinds: [kind] }),
    ...(model && { modelNames: [model] }),
    ...(operator.trim() && { operator: operator.trim() }),
  };
}

/** The URL of a view: only what differs from an empty one. */
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

/** A malformed day, from a URL typed by hand, filters nothing. */
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
