import { Kysely, PostgresDialect, type CompiledQuery } from 'kysely';
import { Pool, type PoolConfig } from 'pg';
import type { Database } from '../../src/store/database.ts';
import type { Tables } from '../../src/store/tables.ts';

type Statement = Pick<CompiledQuery, 'sql' | 'parameters'>;

export type RecordedStatements = AsyncDisposable & {
  /** The statements that a piece of the store issues, in order. */
  record(use: (database: Database) => Promise<unknown>): Promise<Statement[]>;
  /** Sends them to PostgreSQL by themselves, one after the other. */
  replay(statements: readonly Statement[]): Promise<void>;
};

/** What the database alone takes for what the gateway asks of it: its statements without the gateway. */
export function createRecordedStatements(connection: PoolConfig): RecordedStatements {
  // As many connections as the gateway's own pool.
  const pool = new Pool({ max: 16, ...connection });
  let recorded: Statement[] = [];
  const database = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => void recorded.push(query),
  });
  return {
    async record(use) {
      recorded = [];
      await use(database);
      return recorded;
    },
    async replay(statements) {
      for (const { sql, parameters } of statements) await pool.query(sql, [...parameters]);
    },
    [Symbol.asyncDispose]: () => database.destroy(),
  };
}
