import { v7 as createId } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generationMode } from '../../src/domain/task/generation-mode.ts';
import { failures } from '../../src/domain/task/failures.ts';
import type { PageRequest, TaskFilter } from '../../src/domain/task/listing.ts';
import { failWith } from '../../src/domain/task/moves.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';
import type { Database } from '../../src/store/database.ts';
import { countTasks, listTasks } from '../../src/store/list-tasks.ts';
import { moveTask } from '../../src/store/move-task.ts';
import { getTask, holdTask, openStore, owner } from './open-store.ts';
import { claimTask, noAnswer, record, submitTask } from './task-states.ts';

const start = Date.UTC(2026, 0, 15, 12);

/** Tasks of which every three share a millisecond. Answers their ids, newest first. */
async function holdMany(database: Database, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, number) => createId({ msecs: start + Math.floor(number / 3) }));
  for (const id of ids) await holdTask(database, { id });
  return ids.toSorted().toReversed();
}

/** Walks through all pages in one direction, and answers what was on them. */
async function walk(database: Database, size: number, backwards: boolean): Promise<string[][]> {
  const pages: string[][] = [];
  let place: string | undefined;
  for (;;) {
    const page: PageRequest = backwards
      ? { last: size, ...(place && { before: place }) }
      : { first: size, ...(place && { after: place }) };
    const { tasks, hasNextPage, hasPreviousPage } = await listTasks(database, owner, page, {});
    pages.push(tasks.map(({ id }) => id));
    place = (backwards ? tasks[0] : tasks.at(-1))?.id;
    // The way one came from is there as soon as there was a step.
    expect(backwards ? hasNextPage : hasPreviousPage).toBe(pages.length > 1);
    if (!(backwards ? hasPreviousPage : hasNextPage)) return pages;
  }
}

describe('pages', () => {
  test.each([1, 4, 7, 10, 11])('of %i show each task once, newest first, forwards and backwards', async (size) => {
    await using store = await openStore();
    const ids = await holdMany(store.database, 10);
    await holdTask(store.database, { owner: 'grace' });
    const forwards = await walk(store.database, size, false);
    expect(forwards.flat()).toEqual(ids);
    const backwards = await walk(store.database, size, true);
    expect(backwards.toReversed().flat()).toEqual(ids);
    for (const pages of [forwards, backwards]) {
      expect(pages.slice(0, -1).every((page) => page.length === size)).toBe(true);
    }
  });

  test('lie between two cursors where both are given', async () => {
    await using store = await openStore();
    const ids = await holdMany(store.database, 10);
    const between = { after: ids[1] ?? '', before: ids[8] ?? '' };
    const list = async (page: PageRequest) =>
      (await listTasks(store.database, owner, page, {})).tasks.map(({ id }) => id);
    expect(await list({ first: 3, ...between })).toEqual(ids.slice(2, 5));
    expect(await list({ last: 3, ...between })).toEqual(ids.slice(5, 8));
    expect(await list({ first: 9, ...between })).toEqual(ids.slice(2, 8));
  });

  test('stay as they were while new tasks arrive, also behind a cursor whose task is gone from the filter', async () => {
    await using store = await openStore();
    const { database } = store;
    const ids = await holdMany(database, 6);
    const filter = { statuses: ['WAIT'] } as const;
    const first = await listTasks(database, owner, { first: 3 }, filter);
    await holdTask(database);
    const [, , place = ''] = ids;
    await moveTask(database, place, { guard: { states: ['held'] }, move: failWith(failures.canceled()) });
    const second = await listTasks(database, owner, { first: 3, after: place }, filter);
    expect([...first.tasks, ...second.tasks].map(({ id }) => id)).toEqual(ids);
  });

  test('of nothing are empty, and tell the time all the same', async () => {
    await using store = await openStore();
    const before = Date.now();
    const page = await listTasks(store.database, owner, { first: 3 }, {});
    expect(page).toMatchObject({ tasks: [], hasNextPage: false, hasPreviousPage: false });
    expect(page.asOf.getTime()).toBeGreaterThanOrEqual(before - 1);
    expect(await countTasks(store.database, owner, {})).toEqual({ count: 0, exact: true });
  });
});

const requests: Record<string, TaskRequest> = {
  cat: { kind: 'IMAGE', prompt: 'A black cat 🐱', model: { name: 'GEM', version: '2.5' }, operator: 'ada' },
  stil: {
    kind: 'IMAGE',
    prompt: 'Still life',
    referenceImages: [{ url: 'https://example.com/1.png' }],
    operator: 'bob',
  },
  storm: { kind: 'VIDEO', prompt: 'A storm; the cat hides', model: { name: 'Kling' }, operator: 'ada' },
  chinese: {
    kind: 'VIDEO',
    prompt: '一只小猫在睡觉',
    firstFrame: 'https://example.com/1.png',
    model: { name: 'Vidu' },
  },
  song: { kind: 'AUDIO', prompt: 'เพลงแมว slow', model: { name: 'GL', version: '3.0-pro' } },
  mute: { kind: 'VIDEO', firstFrame: 'https://example.com/2.png', model: { name: 'Kling' } },
};
const names = Object.keys(requests);

/** One task for each of the requests, at one a second, in several states. */
async function openLibrary() {
  const store = await openStore();
  const ids = new Map<string, string>();
  for (const [index, [name, request]] of Object.entries(requests).entries()) {
    const id = createId({ msecs: start + index * 1_000 });
    await holdTask(store.database, { id, request, mode: generationMode(request) });
    ids.set(id, name);
  }
  const idOf = (name: string) => [...ids].find(([, other]) => other === name)?.[0] ?? '';
  await submitTask(store.database, idOf('storm'), '4-AigcVideo-1');
  await record(store.database, await claimTask(store.database, idOf('song')), noAnswer);
  await moveTask(store.database, idOf('mute'), { guard: { states: ['held'] }, move: failWith(failures.canceled()) });
  const run = { state: 'submitted', status: 'RUN', failure: null, message: null, requestId: null } as const;
  await moveTask(store.database, idOf('storm'), { guard: { states: ['submitted'] }, move: run });
  return {
    ...store,
    idOf,
    /** The names of what a filter selects, oldest first, however one pages through it, and as it is counted. */
    async select(filter: TaskFilter): Promise<string[]> {
      const list = async (page: PageRequest) => (await listTasks(store.database, owner, page, filter)).tasks;
      const tasks = await list({ first: 100 });
      expect(await list({ last: 100 })).toEqual(tasks);
      const [newest] = tasks;
      if (newest) expect([newest, ...(await list({ first: 100, after: newest.id }))]).toEqual(tasks);
      expect(await countTasks(store.database, owner, filter)).toEqual({ count: tasks.length, exact: true });
      return tasks.toReversed().map(({ id }) => ids.get(id) ?? id);
    },
  };
}

describe('a filter', () => {
  let library: Awaited<ReturnType<typeof openLibrary>>;
  beforeAll(async () => {
    library = await openLibrary();
  });
  afterAll(() => library[Symbol.asyncDispose]());

  test.each<[string, TaskFilter, string[]]>([
    ['nothing', {}, names],
    ['a kind', { kinds: ['VIDEO'] }, ['storm', 'chinese', 'mute']],
    ['kinds', { kinds: ['AUDIO', 'IMAGE'] }, ['cat', 'stil', 'song']],
    ['a mode', { modes: ['IMAGE_TO_VIDEO'] }, ['chinese', 'mute']],
    ['modes', { modes: ['TEXT_TO_IMAGE', 'TEXT_TO_AUDIO', 'TEXT_TO_VIDEO'] }, ['cat', 'storm', 'song']],
    ['a status', { statuses: ['RUN'] }, ['storm']],
    ['statuses', { statuses: ['WAIT', 'RUN'] }, ['cat', 'stil', 'storm', 'chinese']],
    ['all statuses', { statuses: ['WAIT', 'RUN', 'DONE', 'FAIL'] }, names],
    ['a failure', { failureCodes: ['CANCELED'] }, ['mute']],
    ['failures', { failureCodes: ['CANCELED', 'TIMED_OUT', 'SUBMISSION_UNCONFIRMED'] }, ['song', 'mute']],
    ['a model', { modelNames: ['Kling'] }, ['storm', 'mute']],
    ['models, one twice', { modelNames: ['Kling', 'GEM', 'Kling'] }, ['cat', 'storm', 'mute']],
    ['an unknown model', { modelNames: ['kling'] }, []],
    ['an operator', { operator: 'ada' }, ['cat', 'storm']],
    ['an empty operator', { operator: '' }, []],
    [
      'several at once',
      { kinds: ['VIDEO'], modelNames: ['Kling', 'Vidu'], statuses: ['FAIL', 'WAIT'] },
      ['chinese', 'mute'],
    ],
    ['what excludes itself', { statuses: ['RUN'], failureCodes: ['CANCELED'] }, []],
    ['an empty list', { kinds: [] }, []],
    ['an empty list beside another', { kinds: [], operator: 'ada' }, []],
    ['an empty list before another', { modelNames: [], kinds: ['VIDEO'] }, []],
    ['a word', { search: 'cat' }, ['cat', 'storm']],
    ['words in any order and case', { search: 'STORM Cat' }, ['storm']],
    ['part of a word', { search: 'stor' }, []],
    ['a Chinese word', { search: '小猫' }, ['chinese']],
    ['a Chinese character', { search: '猫' }, ['chinese']],
    ['a Thai word', { search: 'แมว' }, ['song']],
    ['an emoji', { search: '🐱' }, ['cat']],
    ['a word and a filter', { search: 'cat', kinds: ['IMAGE', 'AUDIO'] }, ['cat']],
    ['a word that none has', { search: 'dog' }, []],
    ['a search box that was emptied', { search: '  ' }, names],
    ['no words at all', { search: '!!!' }, []],
    ['a quote', { search: "'; drop table task; --" }, []],
    ['a moment', { createdAfter: new Date(start + 3_000) }, ['song', 'mute']],
    ['just before a moment', { createdAfter: new Date(start + 2_999) }, ['chinese', 'song', 'mute']],
    ['a moment from behind', { createdBefore: new Date(start + 1_000) }, ['cat']],
    ['just after a moment', { createdBefore: new Date(start + 1_001) }, ['cat', 'stil']],
    ['a span', { createdAfter: new Date(start), createdBefore: new Date(start + 3_000) }, ['stil', 'storm']],
    ['a span and a word', { createdAfter: new Date(start), search: 'cat' }, ['storm']],
    ['an empty span', { createdAfter: new Date(start + 5_000), createdBefore: new Date(start) }, []],
    ['the beginning of time', { createdAfter: new Date(-1), createdBefore: new Date('9999-12-31') }, names],
  ])('by %s selects what it says', async (_name, filter, expected) => {
    expect(await library.select(filter)).toEqual(expected);
  });

  test('shows nothing of what others own', async () => {
    const { database } = library;
    for (const filter of [{}, { search: 'cat' }, { kinds: ['VIDEO'] as const }]) {
      expect((await listTasks(database, 'grace', { first: 100 }, filter)).tasks).toEqual([]);
      expect(await countTasks(database, 'grace', filter)).toEqual({ count: 0, exact: true });
    }
  });

  test('shows a task as it is read by itself', async () => {
    const { tasks } = await listTasks(library.database, owner, { first: 1 }, { operator: 'ada', kinds: ['VIDEO'] });
    expect(tasks).toEqual([await getTask(library.database, library.idOf('storm'))]);
  });
});
