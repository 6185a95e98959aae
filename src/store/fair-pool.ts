import { AsyncLocalStorage } from 'node:async_hooks';
import type { PostgresPool } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { TemporarilyUnavailableError } from '../domain/errors.ts';
import { createTurns } from '../domain/turns.ts';

const callers = new AsyncLocalStorage<{ owner: string; shareGroup: string }>();
const nobody = { owner: '', shareGroup: '' };

/** What is asked of a fair pool within `work`, is asked for this owner, which is a share group of its own by default. */
export function forOwner<Answer>(owner: string, work: () => Answer, shareGroup = owner): Answer {
  return callers.run({ owner, shareGroup }, work);
}

/**
 * Connections for those who call: when all are taken, share groups, and the owners of each, get the next ones in turns, however many statements of one
 * of them wait. Who gets none in time is told by a TemporarilyUnavailableError. `patienceMs` by the system's clock, like
 * the pool's own time limits.
 */
export function createFairPool(pool: Pool, patienceMs: number): PostgresPool {
  const { max } = pool.options;
  const turns = createTurns();
  let taken = 0;

  /** Whoever is next takes it over. */
  function giveBack(): void {
    if (!turns.next()) taken -= 1;
  }

  async function take(): Promise<void> {
    if (taken < max) {
      taken += 1;
      return;
    }
    const { owner, shareGroup } = callers.getStore() ?? nobody;
    await turns.wait(owner, AbortSignal.timeout(patienceMs), shareGroup).catch(refuse);
  }

  async function connect(): Promise<PoolClient> {
    await take();
    try {
      return givenBackBy(await pool.connect(), giveBack);
    } catch (error) {
      giveBack();
      if (isTimeOut(error)) refuse(error);
      throw error;
    }
  }

  return { connect, end: () => pool.end(), options: pool.options };
}

/** The pool gives its clients a new `release` each time that it hands them out. */
function givenBackBy(client: PoolClient, giveBack: () => void): PoolClient {
  const { release } = client;
  client.release = (error) => {
    release(error);
    giveBack();
  };
  return client;
}

/** pg has no class for it, only these words: "timeout exceeded when trying to connect", "… due to connection timeout". */
function isTimeOut(error: unknown): boolean {
  return error instanceof Error && /timeout exceeded|connection timeout/.test(error.message);
}

function refuse(cause: unknown): never {
  throw new TemporarilyUnavailableError('Too much is asked of the database at this moment. Try again.', { cause });
}
