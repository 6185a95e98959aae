import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageRequest, TaskFilter } from '../../src/domain/task/listing.ts';
import { countForeignTasks, countTasksInFlight } from '../../src/store/count-in-flight.ts';
import type { Database } from '../../src/store/database.ts';
import { findKeylessRetry, findTaskByKey } from '../../src/store/find-tasks.ts';
import { findCorrectableTasks, findRunningTasks } from '../../src/store/following.ts';
import { countTasks, listTasks } from '../../src/store/list-tasks.ts';
import { indexedWords } from '../../src/store/search-words.ts';
import { findHeldTasks, findOrphanedAttempts } from '../../src/store/submitting.ts';
import { connect, explain, type Cost } from './explain.ts';
import { idOfNumber, momentOfNumber, owners, seedManyTasks } from './many-tasks.ts';
import { account, openStore } from './open-store.ts';

const count = 200_000;
const size = 20;
let store: Awaited<ReturnType<typeof openStore>>;
let client: Awaited<ReturnType<typeof connect>>;

beforeAll(async () => {
  store = await openStore();
  await seedManyTasks(store.database, count);
  client = await connect(store.connection);
}, 60_000);

afterAll(async () => {
  await client.end();
  await store[Symbol.asyncDispose]();
});

/** What the statements of `read` cost that select tasks. */
async function costOf(read: () => Promise<unknown>): Promise<Cost> {
  const before = store.statements.length;
  await read();
  const [selecting] = store.statements.slice(before).filter(({ sql: text }) => text.includes('limit'));
  if (selecting === undefined) throw new Error('Nothing was selected.');
  return await explain(client, selecting);
}

const middle = idOfNumber(count / 2);
const pages: Record<string, PageRequest> = {
  newest: { first: size },
  oldest: { last: size },
  deep: { first: size, after: middle },
  'deep, backwards': { last: size, before: middle },
};
const span = { createdAfter: momentOfNumber(100_000), createdBefore: momentOfNumber(101_000) };

const filters: [string, TaskFilter][] = [
  ['nothing', {}],
  ['a common kind', { kinds: ['VIDEO'] }],
  ['a rare kind', { kinds: ['AUDIO'] }],
  ['kinds', { kinds: ['AUDIO', 'IMAGE'] }],
  ['a mode', { modes: ['TEXT_TO_AUDIO'] }],
  ['modes', { modes: ['TEXT_TO_AUDIO', 'TEXT_TO_IMAGE', 'IMAGE_TO_VIDEO'] }],
  ['a common status', { statuses: ['DONE'] }],
  ['a rare status', { statuses: ['RUN'] }],
  ['what goes on', { statuses: ['WAIT', 'RUN'] }],
  ['what is over', { statuses: ['DONE', 'FAIL'] }],
  ['a rare failure', { failureCodes: ['NOT_FOUND'] }],
  ['a failure that never was', { failureCodes: ['CANCELED'] }],
  ['failures', { failureCodes: ['NOT_FOUND', 'GENERATION_FAILED'] }],
  ['a common model', { modelNames: ['Kling'] }],
  ['a rare model', { modelNames: ['Mingmou'] }],
  ['models', { modelNames: ['Mingmou', 'Kling', 'Sora'] }],
  ['an operator', { operator: 'operator-3' }],
  ['an unknown operator', { operator: 'nobody' }],
  ['a span', span],
  ['a span and a status', { ...span, statuses: ['FAIL'] }],
  ['an operator and what goes on', { operator: 'operator-3', statuses: ['WAIT', 'RUN'] }],
  ['a kind and a rare model', { kinds: ['VIDEO'], modelNames: ['Mingmou'] }],
  ['a kind and a model that it never had', { kinds: ['VIDEO'], modelNames: ['Kling'] }],
  ['an operator, a kind and a failure', { operator: 'operator-3', kinds: ['AUDIO'], failureCodes: ['NOT_FOUND'] }],
];

/** The owner's keys: what is there of kinds, statuses, failures and models, in all their combinations. */
const keys = 40;
/** From each key an index gives a page at most, beside the key itself; the rows of the page are read by two others. */
const pageCost = { rows: keys * (size + 3), pages: 700 };
/** An entry of an index that is only counted; counting stops at 10,000. */
const countCost = { rows: 10_100 + keys, pages: 600 };

describe.each(Object.entries(owners))('at scale, the list of the %s owner', (_name, owner) => {
  test.each(filters)('by %s reads and sorts hardly more than a page', async (_filter, filter) => {
    for (const [name, page] of Object.entries(pages)) {
      const cost = await costOf(() => listTasks(store.database, owner, page, filter));
      expect(cost.wholeTables, name).toEqual([]);
      expect(cost.rows, name).toBeLessThan(pageCost.rows);
      expect(cost.pages, name).toBeLessThan(pageCost.pages);
      expect(cost.sorted, name).toBeLessThanOrEqual(keys * (size + 1));
    }
  });

  test.each(filters)('by %s is counted no further than told', async (_filter, filter) => {
    const cost = await costOf(() => countTasks(store.database, owner, filter));
    expect(cost.wholeTables).toEqual([]);
    expect(cost.rows).toBeLessThan(countCost.rows);
    expect(cost.pages).toBeLessThan(countCost.pages);
  });
});

describe.each(Object.entries(owners))('at scale, in the list of the %s owner', (_name, owner) => {
  test.each(filters)('by %s stands what there is', async (_filter, filter) => {
    const expected = await bruteForce(owner, filter);
    const { tasks } = await listTasks(store.database, owner, { first: 100 }, filter);
    expect(tasks.map(({ id }) => id)).toEqual(expected.slice(0, 100));
  });
});

/** In the busy owner's prompts: one word in all of them, one in ten of them, one in none but very many of another's. */
const searches: [string, TaskFilter][] = [
  ['a common word', { search: 'lighthouse' }],
  ['a rare word', { search: 'zeppelin' }],
  ['a word that only another has', { search: 'castle' }],
  ['a word that nobody has', { search: 'submarine' }],
  ['a common and a rare word', { search: 'lighthouse zeppelin' }],
  ['a rare word and a kind', { search: 'zeppelin', kinds: ['VIDEO'] }],
  ['a common word and a rare status', { search: 'lighthouse', statuses: ['RUN'] }],
  ['a common word and what is over', { search: 'lighthouse', statuses: ['DONE', 'FAIL'] }],
  ["another's word and a status", { search: 'castle', statuses: ['FAIL'] }],
  ['a common word in a span', { search: 'lighthouse', ...span }],
  ['a rare word in a span', { search: 'zeppelin', ...span }],
];

/** So many of each key are found and the first of all are tried, each by an index; what the index of words adds is little. */
const tried = 2_000;
const searchCost = { rows: keys * tried, pages: 12_000 };

describe.each(Object.entries(owners))('at scale, a search in the list of the %s owner', (_name, owner) => {
  test.each(searches)('for %s reads no more than so many tasks', async (_search, filter) => {
    for (const [name, page] of Object.entries(pages)) {
      const cost = await costOf(() => listTasks(store.database, owner, page, filter));
      expect(cost.wholeTables, name).toEqual([]);
      expect(cost.rows, name).toBeLessThan(searchCost.rows);
      expect(cost.pages, name).toBeLessThan(searchCost.pages);
      expect(cost.sorted, name).toBeLessThanOrEqual(keys * tried);
    }
  });

  test.each(searches)('for %s finds what there is, whichever way it is paged through', async (_search, filter) => {
    const expected = await bruteForce(owner, filter);
    const list = async (page: PageRequest) =>
      (await listTasks(store.database, owner, page, filter)).tasks.map(({ id }) => id);
    expect(await list({ first: 100 })).toEqual(expected.slice(0, 100));
    expect(await list({ last: 100 })).toEqual(expected.slice(-100));
    const older = expected.filter((id) => id < middle);
    expect(await list({ first: size, after: middle })).toEqual(older.slice(0, size));
    const newer = expected.filter((id) => id > middle);
    expect(await list({ last: size, before: middle })).toEqual(newer.slice(-size));
    const counted = await countTasks(store.database, owner, filter);
    expect(counted).toEqual({ count: Math.min(expected.length, 10_000), exact: expected.length <= 10_000 });
  });
});

/** Newest first, by reading everything. */
async function bruteForce(owner: string, filter: TaskFilter): Promise<string[]> {
  const { search, operator = null, createdAfter = null, createdBefore = null } = filter;
  const isAny = (column: string, values: readonly string[] | undefined) =>
    sql`(${values ?? null}::text[] is null or ${sql.ref(column)} = any(${values ?? null}))`;
  const { rows } = await sql<{ id: string }>`
    select id from task where owner = ${owner}
      and string_to_array(prompt, ' ') @> ${search?.split(' ') ?? []}::text[]
      and ${isAny('kind', filter.kinds)} and ${isAny('mode', filter.modes)} and ${isAny('status', filter.statuses)}
      and ${isAny('failure_code', filter.failureCodes)} and ${isAny('model_name', filter.modelNames)}
      and (${operator}::text is null or operator = ${operator})
      and (${createdAfter}::timestamptz is null or created_at > ${createdAfter})
      and (${createdBefore}::timestamptz is null or created_at < ${createdBefore})
    order by id desc`.execute(store.database);
  return rows.map(({ id }) => id);
}

const ownWork: [string, (database: Database) => Promise<unknown>][] = [
  ['what waits to be sent', (database) => findHeldTasks(database, account, { kind: 'VIDEO', limit: 1_000 })],
  ['what was being sent for too long', (database) => findOrphanedAttempts(database, account, 20_000)],
  ['what runs', (database) => findRunningTasks(database, account, { limit: 1_000 })],
  ['more of what runs', (database) => findRunningTasks(database, account, { afterId: middle, limit: 1_000 })],
  ['what was given up', (database) => findCorrectableTasks(database, account)],
  ['how much goes on', (database) => countTasksInFlight(database, account)],
  ['how much goes on elsewhere', (database) => countForeignTasks(database, account)],
  ['what a key stands for', (database) => findTaskByKey(database, owners.busy, account, 'key')],
  ['a retry', (database) => findKeylessRetry(database, owners.busy, account, middle)],
];

test.each(ownWork)('at scale, the gateway finds %s by an index', async (_what, read) => {
  const before = store.statements.length;
  await read(store.database);
  const statements = store.statements.slice(before);
  expect(statements).toHaveLength(1);
  for (const statement of statements) {
    const cost = await explain(client, statement);
    expect(cost.wholeTables).toEqual([]);
    expect(cost.rows).toBeLessThan(500);
  }
});

test('a mark that stands for two owners shows neither what the other has', async () => {
  const collision = indexedWords(owners.busy, ['zeppelin']);
  const changed = await sql`
    update task_words set words = words || ${collision}::text[]
    where task_id = (select id from task where owner = ${owners.small} order by id limit 1)`.execute(store.database);
  expect(changed.numAffectedRows).toBe(1n);
  const { tasks } = await listTasks(store.database, owners.busy, { first: 100 }, { search: 'zeppelin' });
  expect(tasks.map(({ id }) => id)).toEqual(await bruteForce(owners.busy, { search: 'zeppelin' }));
});

test('counting stops at 10,000, and says so', async () => {
  const countOf = (owner: string, filter: TaskFilter = {}) => countTasks(store.database, owner, filter);
  expect(await countOf(owners.busy)).toEqual({ count: 10_000, exact: false });
  expect(await countOf(owners.busy, { statuses: ['DONE', 'FAIL'] })).toEqual({ count: 10_000, exact: false });
  expect(await countOf(owners.busy, { search: 'lighthouse' })).toEqual({ count: 10_000, exact: false });
  expect(await countOf(owners.small)).toEqual({ count: 200, exact: true });
});

test('the control: without its index, a filter is caught reading too much', async () => {
  await listTasks(store.database, owners.busy, { first: size }, { failureCodes: ['CANCELED'] });
  const selecting = store.statements.findLast(({ sql: text }) => text.includes('limit'));
  if (selecting === undefined) throw new Error('Nothing was selected.');
  await client.query('begin');
  await client.query('drop index task_by_filter_key');
  const cost = await explain(client, selecting);
  await client.query('rollback');
  expect(cost.pages).toBeGreaterThan(pageCost.pages);
});
