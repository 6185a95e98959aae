import { sql } from 'kysely';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { repeat } from '../kit/repeat.ts';
import { inMs } from './database-time.ts';
import type { Database } from './database.ts';

/** A try of a row of `webhook_delivery` or `archive_work`. What ends it names its attempt, so that an older one ends nothing. */
export type Claimed = { id: string; attempt: number };

export type Held<Work> = Disposable & {
  work: Work;
  /** Aborts as soon as another process may begin it, and when it is disposed of. */
  signal: AbortSignal;
};

/** What this process has claimed: no other claims it until its process has been silent for as long as a lease lasts. */
export type WorkLeases = AsyncDisposable & {
  /** Claims by a statement that sets `due_at` to `leaseEnd`, and renews that until it is disposed of. */
  take<Work extends Claimed>(claim: () => Promise<Work | null>): Promise<Held<Work> | null>;
};

const leaseMs = 20_000;
export const renewEveryMs = 5_000;
export const leaseEnd = inMs(leaseMs);

type Lease = Claimed & { until: number; over: AbortController };

export function keepWorkLeases(
  database: Database,
  { clock, logger }: { clock: Pick<Clock, 'monotonic' | 'sleep'>; logger: Logger },
): WorkLeases {
  const held = new Set<Lease>();
  const stopping = new AbortController();

  function lose(lease: Lease): void {
    if (held.delete(lease)) lease.over.abort(new Error('Its lease is over: another process may have begun it.'));
  }

  async function renew(): Promise<void> {
    if (held.size === 0) return;
    const leases = [...held];
    const until = clock.monotonic() + leaseMs;
    const renewed = new Set((await renewLeases(database, leases)).map(nameOf));
    for (const lease of leases) {
      if (renewed.has(nameOf(lease))) lease.until = until;
      else lose(lease);
    }
  }

  /** Also while the database is away: other processes go by its clock. */
  async function loseInTime(lease: Lease): Promise<void> {
    for (let leftMs = 1; leftMs > 0 && held.has(lease);) {
      leftMs = lease.until - clock.monotonic();
      await clock.sleep(Math.max(0, leftMs), lease.over.signal).catch(() => {});
    }
    lose(lease);
  }

  const failure = 'What is under way in the background could not be renewed.';
  const renewing = repeat(renew, { everyMs: renewEveryMs, failure, clock, logger, signal: stopping.signal });

  return {
    async take(claim) {
      const until = clock.monotonic() + leaseMs;
      const work = await claim();
      if (work === null) return null;
      const lease = { id: work.id, attempt: work.attempt, until, over: new AbortController() };
      held.add(lease);
      void loseInTime(lease);
      return {
        work,
        signal: lease.over.signal,
        [Symbol.dispose]() {
          held.delete(lease);
          lease.over.abort();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await renewing;
    },
  };
}

const nameOf = ({ id, attempt }: Claimed): string => `${id} ${attempt}`;

/** Answers those that are still held. One whose end was recorded meanwhile keeps the moment that the end has chosen. */
async function renewLeases(database: Database, leases: readonly Claimed[]): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`
    with held as (
      select id, attempt
      from unnest(${leases.map(({ id }) => id)}::uuid[], ${leases.map(({ attempt }) => attempt)}::integer[])
        as held (id, attempt)
    ), delivery as (
      update webhook_delivery as work set due_at = ${leaseEnd} from held
      where work.id = held.id and work.attempt = held.attempt and is_leased
      returning work.id, work.attempt
    ), result as (
      update archive_work as work set due_at = ${leaseEnd} from held
      where work.task_id = held.id and work.attempt = held.attempt and is_leased
      returning work.task_id, work.attempt
    )
    select id, attempt from delivery union all select task_id, attempt from result`.execute(database);
  return rows;
}
