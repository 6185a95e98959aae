import { sql } from 'kysely';
import type { Database } from './database.ts';

/** The clock that all replicas share. */
export async function databaseTime(database: Database): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(database);
  const [row] = rows;
  if (row === undefined) throw new Error('The database did not tell its time.');
  return row.now;
}

/** In so many milliseconds, by that clock: a moment that survives being a Date, so that none comes before it. */
export const inMs = (ms: number) => sql<Date>`date_trunc('milliseconds', clock_timestamp() + ${ms} * interval '1 ms')`;
