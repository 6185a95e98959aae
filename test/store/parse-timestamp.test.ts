import { types } from 'pg';
import { expect, test } from 'vitest';
import { parseTimestamp } from '../../src/store/parse-timestamp.ts';
import { createTestDatabase } from '../support/database.ts';
import { connect } from './explain.ts';

const moments = [
  '2026-01-15 12:00:00+00',
  '2026-01-15 12:00:00.1+00',
  '2026-01-15 12:00:00.12+00',
  '2026-12-31 23:59:59.999+00',
  '2026-02-28 00:00:00.000001+00',
  '2024-02-29 00:00:00.123456+00',
  '0099-01-01 00:00:00+00',
  '2026-01-15 12:00:00+05:30',
  '2026-01-15 12:00:00-08',
  '0044-03-15 12:00:00+00 BC',
  'infinity',
];

test('a moment is read as pg reads it, whatever the time zone and the year', async () => {
  await using database = await createTestDatabase();
  await using client = await connect(database.config);
  const parse = types.getTypeParser(types.builtins.TIMESTAMPTZ);
  for (const zone of ['UTC', 'Asia/Kolkata', 'America/Los_Angeles']) {
    await client.query(`set time zone '${zone}'`);
    for (const moment of moments) {
      const { rows } = await client.query(`select ($1::timestamptz)::text as text`, [moment]);
      const text = String(rows[0]?.text);
      expect(parseTimestamp(text), text).toEqual(parse(text));
    }
  }
});
