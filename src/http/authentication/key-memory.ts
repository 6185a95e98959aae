import { LRUCache } from 'lru-cache';
import type { Clock } from '../../kit/clock.ts';
import type { ApiKey } from '../../domain/api-key.ts';
import type { Logger } from '../../kit/logger.ts';
import { createSerialLoader } from '../../kit/serial-loader.ts';

/** Finds keys by their ids, also revoked ones; leaves out unknown ones. */
export type FindKeys = (ids: readonly string[]) => Promise<ApiKey[]>;

/** A short-lived cache of keys. */
export type KeyMemory = {
  /**
   * As it was at most 5 seconds ago, or a minute while the database is away; null for an unknown or a revoked key. Rejects
   * if it can't check.
   */
  find(id: string): Promise<ApiKey | null>;
  /** Not from the cache. Rejects while the database is away. */
  findNow(id: string): Promise<ApiKey | null>;
};

/** A revoked key is accepted for this long. In return, a key in constant use costs no query. */
const freshMs = 5_000;
/**
 * A key that can't be looked up is accepted for this long. All that its caller reads or writes is in the same database:
 * this reveals nothing, and lets requests that need no data survive a restart of the database.
 */
const patienceMs = 60_000;
const maxRemembered = 10_000;

export function createKeyMemory(findKeys: FindKeys, { clock, logger }: { clock: Clock; logger: Logger }): KeyMemory {
  // Only existing keys, so that made-up ones fill no memory.
  const remembered = new LRUCache<string, { key: ApiKey; readAt: number }>({ max: maxRemembered });
  let isFailing = false;

  // A flood of made-up keys takes one connection, not all of them.
  const loader = createSerialLoader<string, ApiKey | null>(lookUp);

  async function lookUp(requested: readonly string[]): Promise<(ApiKey | null)[]> {
    const ids = [...new Set(requested)];
    const readAt = clock.monotonic();
    const found = await findKeys(ids).catch(complain);
    isFailing = false;
    const keys = found.filter(({ revokedAt }) => revokedAt === null);
    const byId = new Map(keys.map((key) => [key.id, key]));
    for (const id of ids) {
      const key = byId.get(id);
      if (key === undefined) remembered.delete(id);
      else remembered.set(id, { key, readAt });
    }
    return requested.map((id) => byId.get(id) ?? null);
  }

  function recall(id: string, maxAgeMs: number): ApiKey | null {
    const known = remembered.get(id);
    return known !== undefined && clock.monotonic() - known.readAt < maxAgeMs ? known.key : null;
  }

  function complain(error: unknown): never {
    if (!isFailing) logger.warn({ error: String(error) }, 'API keys could not be looked up.');
    isFailing = true;
    throw error;
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
