import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import { seedTasks as seedPastTasks } from '../../src/seed/seed-tasks.ts';
import { type BenchGateway, localOwner } from './bench-gateway.ts';

/** Tasks of the local owner, as `npm run seed` makes them, the same each time. */
export async function seedTasks(
  { database, connection }: Pick<BenchGateway, 'database' | 'connection'>,
  count: number,
): Promise<void> {
  const order = { tasks: count, owner: localOwner, seed: 1, catalogue: builtInCatalogue };
  await seedPastTasks(database, { ...order, until: new Date() });
  // Not the gateway's own pool, whose statements may not take as long.
  const pool = new Pool({ max: 1, ...connection });
  await using unlimited = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  // As it will be once autovacuum has come by: not in the middle of a measurement.
  await sql`vacuum analyze`.execute(unlimited);
}
