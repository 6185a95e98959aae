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

/** As pg takes it: a text and its parameters, or one object with both, as a prepared one is sent. */
function statementOf([first, second]: unknown[]): { text: string; values: readonly unknown[] } | null {
  const values = (given: unknown): readonly unknown[] => (Array.isArray(given) ? given : []);
  if (typeof first === 'string') return { text: first, values: values(second) };
  if (typeof first !== 'object' || first === null || !('text' in first) || typeof first.text !== 'string') return null;
  return { text: first.text, values: values('values' in first ? first.values : []) };
}

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
    apply(query, client, given: unknown[]) {
      const asked: unknown = Reflect.apply(query, client, given);
      const statement = statementOf(given);
      if (asked instanceof Promise && statement !== null) {
        asked.then(
          (result: QueryResult) => record(statement.text, statement.values, result),
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
