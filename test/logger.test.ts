import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createLogger } from '../src/logger.ts';
import { openStore } from './store/open-store.ts';

test('an error of the database is logged with its code and its stack, and without the row that it quotes', async () => {
  await using store = await openStore();
  const failure = await sql`insert into api_key (id, owner, name) values ('an id', 'a secret prompt', 'x')`
    .execute(store.database)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ detail: expect.stringContaining('a secret prompt') });

  const lines: string[] = [];
  createLogger('info', { write: (line) => void lines.push(line) }).error({ err: failure }, 'it failed');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'it failed', err: { code: '23502', table: 'api_key' } });
  expect(lines[0]).toContain('"stack"');
  expect(lines[0]).not.toContain('a secret prompt');
});
