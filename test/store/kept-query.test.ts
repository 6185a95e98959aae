import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { keepQuery, type ValueOf } from '../../src/store/kept-query.ts';
import { openStore } from './open-store.ts';

test('a kept query is built once, and takes the values of each time, between those of its text', async () => {
  await using store = await openStore();
  let built = 0;
  const select = keepQuery((database, valueOf: ValueOf<{ owner: string; ids: readonly string[] }>) => {
    built += 1;
    return database.selectNoFrom([
      sql<string>`${valueOf('owner')}::text`.as('owner'),
      sql<string>`${'always'}::text`.as('always'),
      sql<string[]>`${valueOf('ids')}::text[]`.as('ids'),
      sql<string>`${valueOf('owner')}::text`.as('again'),
    ]);
  });
  const [first, second] = await Promise.all([
    select(store.database, { owner: 'alice', ids: ['1', '2'] }),
    select(store.database, { owner: 'bob', ids: [] }),
  ]);
  expect(first).toEqual([{ owner: 'alice', always: 'always', ids: ['1', '2'], again: 'alice' }]);
  expect(second).toEqual([{ owner: 'bob', always: 'always', ids: [], again: 'bob' }]);
  expect(built).toBe(1);
});
