import { AsyncLocalStorage } from 'node:async_hooks';
import type { PostgresPool } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { TemporarilyUnavailableError } from '../domain/errors.ts';
import { createTurns } from '../kit/round-robin.ts';
import type { OutageLog } from './outage-log.ts';
import { databaseAway, refuseInOutage } from './refuse-in-outage.ts';

type Operation = { owner: string; shareGroup: string; outages: OutageLog | null };

const operations = new AsyncLocalStorage<Operation>();
const noOwner = { owner: '', shareGroup: '' };

/**
 * Queries of a fair pool within `work` count for this owner, which is a share group of its own by default.
 * Rejects with a TemporarilyUnavailableError where the database is away, or has no time.
 */
export async function forOwner<Answer>(
  owner: string,
  work: () => Promise<Answer>,
  shareGroup = owner,
): Promise<Answer> {
  const operation: Operation = { owner, shareGroup, outages: null };
  try {
    return await refuseInOutage(() => operations.run(operation, work));
  } catch (error) {
    if (error instanceof TemporarilyUnavailableError) operation.outages?.refused();
    throw error;
  }
}

/** Queries within `work` are for several owners at once: it takes turns as one more owner. */
export async function forAllOwners<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  return await operations.run({ ...noOwner, outages: null }, work);
}

/**
 * Connections for callers: when all are taken, share groups get the next ones in turns, and so do the owners of
 * each, however many statements of one of them wait. Rejects with a TemporarilyUnavailableError where there is none in time: nothing was sent then.
 * `patienceMs` by the system's clock, like the pool's own time limits.
 */
export function createFairPool(pool: Pool, patienceMs: number, outages: OutageLog): PostgresPool {
  const { max } = pool.options;
  const turns = createTurns();
  let taken = 0;

  /** The next in turn takes it over. */
  function giveBack(): void {
    if (!turns.next()) taken -= 1;
  }

  async function take({ owner, shareGroup }: typeof noOwner): Promise<void> {
    if (taken < max) {
      taken += 1;
      return;
    }
    await turns.wait(owner, AbortSignal.timeout(patienceMs), shareGroup).catch(refuse);
  }

  async function connect(): Promise<PoolClient> {
    const operation = operations.getStore();
    if (operation) operation.outages = outages;
    await take(operation ?? noOwner);
    try {
      return givenBackBy(await pool.connect(), giveBack);
    } catch (error) {
      giveBack();
      outages.unreachable(error);
      // Whatever keeps it from being made, a wrong password too: callers can do nothing but come again.
      throw databaseAway(error);
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

function refuse(cause: unknown): never {
  throw new TemporarilyUnavailableError('The database has too much to do at this moment. Try again.', { cause });
}
