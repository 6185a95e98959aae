import type { Clock } from '../clock.ts';
import { leaseTimes, type Lease, type LeaseKeeper } from '../domain/lease.ts';
import type { Logger } from '../logger.ts';

/** Work is stopped this long before the lease runs out: what is under way then still ends within it. */
const marginMs = 2_000;

/**
 * Runs `term` whenever this process holds the lease, one term at a time, until the signal aborts. A term's signal
 * aborts when the lease is lost, or can't be renewed in time; the next term begins once the last one is over.
 */
export async function lead(
  keeper: LeaseKeeper,
  term: (lease: Lease, signal: AbortSignal) => Promise<void>,
  { clock, logger, signal }: { clock: Clock; logger: Logger; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    const askedAt = clock.monotonic();
    const lease = await keeper.acquire().catch((error: unknown) => {
      logger.warn({ error: String(error) }, 'The lease could not be asked for.');
      return null;
    });
    if (lease !== null) {
      logger.info({ epoch: String(lease.epoch) }, 'This process schedules now.');
      const lost = new AbortController();
      const termSignal = AbortSignal.any([signal, lost.signal]);
      const running = term(lease, termSignal);
      // A term that breaks off by itself gives up the lease as well.
      await Promise.race([keep(lease, askedAt, termSignal), running]);
      lost.abort();
      await running;
      await keeper.release().catch(() => {});
      if (!signal.aborted) logger.warn({ epoch: String(lease.epoch) }, 'This process does not schedule any more.');
    }
    await clock.sleep(leaseTimes.renewEveryMs, signal).catch(() => {});
  }

  /** Resolves when the lease is lost or the term is over. */
  async function keep(lease: Lease, askedAt: number, termSignal: AbortSignal): Promise<void> {
    let validUntil = askedAt + leaseTimes.lastsMs - marginMs;
    while (!termSignal.aborted && clock.monotonic() < validUntil) {
      await clock.sleep(leaseTimes.renewEveryMs, termSignal).catch(() => {});
      const renewedAt = clock.monotonic();
      const renewed = await Promise.race([
        keeper.acquire().catch(() => undefined),
        // A database that hangs must not keep a lease alive.
        clock.sleep(Math.max(0, validUntil - renewedAt), termSignal).catch(() => undefined),
      ]);
      if (renewed === null || (renewed && renewed.epoch !== lease.epoch)) return;
      if (renewed) validUntil = renewedAt + leaseTimes.lastsMs - marginMs;
    }
  }
}
