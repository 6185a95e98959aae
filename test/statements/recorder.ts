import { Client, type QueryResult } from 'pg';
import { storedOf, type Statement } from './statements.ts';

export type Recorder = {
  /** Asks something that is not the gateway's own. */
  ask(sql: string): Promise<QueryResult>;
  /** What was recorded so far. */
  statements(): Statement[];
};

/** What no schema has a part in. */
const isOfSession = /^\s*(begin|start|commit|rollback|savepoint|release|listen|unlisten|set)\b/i;

/** From now on records what this process asks of PostgreSQL, whichever connection it takes. For a process of its own. */
export function startRecorder(connection: string): Recorder {
  const examples = new Map<string, { statement: Statement; found: boolean; at: number }>();
  const foreign = new Set<string>();
  let executions = 0;

  function record(sql: string, parameters: readonly unknown[], result: QueryResult): void {
    if (isOfSession.test(sql) || foreign.has(sql)) return;
    const found = (result.rowCount ?? 0) > 0;
    if (examples.has(sql) && (!found || examples.get(sql)?.found)) return;
    const columns = result.fields.map(({ name }) => name);
    const statement = { sql, parameters: parameters.map(storedOf), columns };
    examples.set(sql, { statement, found, at: (executions += 1) });
  }

  Client.prototype.query = new Proxy(Client.prototype.query, {
    apply(query, client, [sql, parameters, ...others]: unknown[]) {
      const asked: unknown = Reflect.apply(query, client, [sql, parameters, ...others]);
      if (asked instanceof Promise && typeof sql === 'string') {
        asked.then(
          (result: QueryResult) => record(sql, Array.isArray(parameters) ? parameters : [], result),
          () => {},
        );
      }
      return asked;
    },
  });

  return {
    async ask(sql) {
      foreign.add(sql);
      const client = new Client({ connectionString: connection });
      await client.connect();
      return await client.query(sql).finally(() => client.end());
    },
    statements: () =>
      [...examples.values()].toSorted((one, other) => one.at - other.at).map(({ statement }) => statement),
  };
}
