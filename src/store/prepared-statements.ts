import { sql } from 'kysely';
import type { PoolClient } from 'pg';

/**
 * Marks a statement that is worth preparing: `query.modifyFront(prepared)`. For frequent ones whose plan does not depend on
 * the values, because PostgreSQL plans them once for all. Its text must not depend on the values either.
 */
export const prepared = sql`/* prepared */`;

const mark = '/* prepared */';

/** Sends marked statements by a name, so that a session parses and plans each of them only once. */
export function prepareMarked(client: PoolClient): void {
  const names = new Map<string, string>();
  client.query = new Proxy(client.query, {
    apply(query, self, parameters: unknown[]) {
      const [text, values] = parameters;
      if (typeof text !== 'string' || !text.includes(mark)) return Reflect.apply(query, self, parameters);
      const name = names.get(text) ?? `prepared_${names.size + 1}`;
      names.set(text, name);
      return Reflect.apply(query, self, [{ name, text, values }]);
    },
  });
}
