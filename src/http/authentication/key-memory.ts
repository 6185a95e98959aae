import DataLoader from 'dataloader';
import type { Clock } from '../../kit/clock.ts';
import type { ApiKey } from '../../domain/api-key.ts';
import type { Logger } from '../../kit/logger.ts';

/** Finds keys by their ids, revoked ones too; leaves unknown ones out. */
export type FindKeys = (ids: readonly string[]) => Promise<ApiKey[]>;

/** What is known of keys: the database's word, and for moments what it last said. */
export type KeyMemory = {
  /**
   * As it was at most 5 seconds ago, or a minute while the database is away; null for an unknown or a revoked key.
   * Rejects where that can't be told.
   */
  find(id: string): Promise<ApiKey | null>;
  /** As it is. Rejects while the database is away. */
  findNow(id: string): Promise<ApiKey | null>;
};

/** So long a revoked key still opens requests. Beside that, nothing is asked for a key in constant use. */
const freshMs = 5_000;
/**
 * So long a key goes on that can't be looked up. Whatever its caller reads or writes is in the same database: this gives
 * nothing away, and keeps a database's restart from ending those whose request needs nothing of it.
 */
const patienceMs = 60_000;
const mostRemembered = 10_000;

export function createKeyMemory(findKeys: FindKeys, { clock, logger }: { clock: Clock; logger: Logger }): KeyMemory {
  const remembered = new Map<string, { key: ApiKey; askedAt: number }>();
  let lastQuery: Promise<unknown> = Promise.resolve();
  let isFailing = false;

  // Who comes while a query runs waits for the next one: a flood of made-up keys takes one connection, not all of them.
  const loader = new DataLoader<string, ApiKey | null>(lookUp, {
    cache: false,
    batchScheduleFn: (dispatch) => void lastQuery.then(dispatch),
  });

  async function lookUp(asked: readonly string[]): Promise<(ApiKey | null)[]> {
    const ids = [...new Set(asked)];
    const askedAt = clock.monotonic();
    const query = findKeys(ids);
    lastQuery = query.then(() => (isFailing = false), complain);
    const keys = (await query).filter(({ revokedAt }) => revokedAt === null);
    const byId = new Map(keys.map((key) => [key.id, key]));
    for (const id of ids) remember(id, byId.get(id), askedAt);
    return asked.map((id) => byId.get(id) ?? null);
  }

  /** Only real keys, so that made-up ones fill no memory; of too many, those that were looked up longest ago give way. */
  function remember(id: string, key: ApiKey | undefined, askedAt: number): void {
    remembered.delete(id);
    if (key === undefined) return;
    remembered.set(id, { key, askedAt });
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
  }

  function recall(id: string, maxAgeMs: number): ApiKey | null {
    const known = remembered.get(id);
    return known !== undefined && clock.monotonic() - known.askedAt < maxAgeMs ? known.key : null;
  }

  function complain(error: unknown): void {
    if (!isFailing) logger.warn({ error: String(error) }, 'API keys could not be looked up.');
    isFailing = true;
  }

  return {
    findNow: (id) => loader.load(id),
    async find(id) {
      const fresh = recall(id, freshMs);
      if (fresh !== null) return fresh;
      try {
        return await loader.load(id);
      } catch (error) {
        const known = recall(id, patienceMs);
        if (known === null) throw error;
        return known;
      }
    },
  };
}
