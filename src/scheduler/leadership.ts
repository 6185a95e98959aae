import type { Clock } from '../clock.ts';
import { leaseTimes, type Lease, type LeaseKeeper } from '../domain/lease.ts';
import type { Logger } from '../logger.ts';
import { createTimeLimit } from '../time-limit.ts';
import type { WakeUp } from './wake-up.ts';

/** Work is stopped this long before the lease runs out: what is under way then still ends within it. */
const marginMs = 2_000;
const usableMs = leaseTimes.lastsMs - marginMs;

/**
 * Runs `term` whenever this process holds the lease, one term at a time, until the signal aborts. A term's signal
 * aborts when the lease is lost, or can't be renewed in time; the next term begins once the last one is over.
 */
export async function lead(
  keeper: LeaseKeeper,
  term: (lease: Lease, signal: AbortSignal) => Promise<void>,
  { clock, logger, signal, released }: { clock: Clock; logger: Logger; signal: AbortSignal; released: WakeUp },
): Promise<void> {
  while (!signal.aborted) {
    const askedAt = clock.monotonic();
    const lease = await ask(usableMs, signal);
    if (!lease) await released.sleep(leaseTimes.renewEveryMs, signal);
    else {
      logger.info({ epoch: String(lease.epoch) }, 'This process schedules now.');
      const lost = new AbortController();
      const termSignal = AbortSignal.any([signal, lost.signal]);
      const running = term(lease, termSignal);
      // A term that breaks off by itself gives up the lease as well.
      await Promise.race([keep(lease, askedAt + usableMs, termSignal), running]);
      lost.abort();
      await running;
      await keeper.release().catch(() => {});
      if (!signal.aborted) logger.warn({ epoch: String(lease.epoch) }, 'This process does not schedule any more.');
      await clock.sleep(leaseTimes.renewEveryMs, signal).catch(() => {});
    }
  }

  /** Resolves when the lease is lost or the term is over. */
  async function keep(lease: Lease, until: number, termSignal: AbortSignal): Promise<void> {
    let validUntil = until;
    while (clock.monotonic() < validUntil) {
      await clock.sleep(Math.min(leaseTimes.renewEveryMs, validUntil - clock.monotonic()), termSignal).catch(() => {});
      // A renewal on its way could arrive after the lease was given back.
      if (termSignal.aborted) return;
      const renewedAt = clock.monotonic();
      const renewed = await ask(validUntil - renewedAt, termSignal);
      if (renewed === null || (renewed && renewed.epoch !== lease.epoch)) return;
      if (renewed) validUntil = renewedAt + usableMs;
    }
  }

  /** null when somebody else holds it; undefined without an answer in time: a database that hangs keeps no lease alive. */
  async function ask(patienceMs: number, whileAlive: AbortSignal): Promise<Lease | null | undefined> {
    const asking = keeper.acquire().catch((error: unknown) => {
      logger.warn({ error: String(error) }, 'The lease could not be asked for.');
      return undefined;
    });
    using patience = createTimeLimit(clock, Math.max(0, patienceMs), whileAlive);
    return await Promise.race([asking, patience.passed]);
  }
}
