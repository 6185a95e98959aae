import type { Clock } from '../kit/clock.ts';
import { leaseTimes, type Lease, type LeaseKeeper } from '../domain/lease.ts';
import type { Logger } from '../kit/logger.ts';
import { createTimeLimit } from '../kit/time-limit.ts';
import type { WakeUp } from '../kit/wake-up.ts';

/** Work is stopped this long before the lease runs out: what is under way then still ends within it. */
const marginMs = 2_000;
const usableMs = leaseTimes.lastsMs - marginMs;

/**
 * Runs `term` whenever this process holds the lease until the signal aborts. A term's signal aborts when the lease is lost,
 * or can't be renewed in time: it begins nothing from then on. What it still has to record keeps no next term from
 * beginning, here or elsewhere: records are guarded, and one that can't be written must not stop all others. Only at the
 * end are they waited for, so that the next holder finds what is recorded.
 */
export async function lead(
  keeper: LeaseKeeper,
  term: (lease: Lease, signal: AbortSignal) => Promise<void>,
  { clock, logger, signal, released }: { clock: Clock; logger: Logger; signal: AbortSignal; released: WakeUp },
): Promise<void> {
  const ending = new Set<Promise<void>>();
  while (!signal.aborted) {
    const acquiredAt = clock.monotonic();
    const lease = await acquire(usableMs, signal);
    if (!lease) await released.sleep(leaseTimes.renewEveryMs, signal);
    else {
      logger.info({ epoch: String(lease.epoch) }, 'This process schedules now.');
      const lost = new AbortController();
      const termSignal = AbortSignal.any([signal, lost.signal]);
      const running = term(lease, termSignal).finally(() => ending.delete(running));
      ending.add(running);
      // A term that breaks off by itself gives up the lease as well.
      await Promise.race([keep(lease, acquiredAt + usableMs, termSignal), running]);
      lost.abort();
      await settle(running);
      await keeper.release().catch(() => {});
      if (!signal.aborted) logger.warn({ epoch: String(lease.epoch) }, 'This process does not schedule any more.');
      await clock.sleep(leaseTimes.renewEveryMs, signal).catch(() => {});
    }
  }
  await Promise.all(ending);

  /** As a rule all is recorded within the margin. When this process stops, it waits for as long as it takes. */
  async function settle(running: Promise<void>): Promise<void> {
    using patience = createTimeLimit(clock, marginMs, signal);
    await Promise.race([running, patience.passed]);
    if (signal.aborted) await running;
  }

  /** Resolves when the lease is lost or the term is over. */
  async function keep(lease: Lease, until: number, termSignal: AbortSignal): Promise<void> {
    let validUntil = until;
    while (clock.monotonic() < validUntil) {
      await clock.sleep(Math.min(leaseTimes.renewEveryMs, validUntil - clock.monotonic()), termSignal).catch(() => {});
      // A renewal on its way could arrive after the lease was given back.
      if (termSignal.aborted) return;
      const renewedAt = clock.monotonic();
      const renewed = await acquire(validUntil - renewedAt, termSignal);
      if (renewed === null || (renewed && renewed.epoch !== lease.epoch)) return;
      if (renewed) validUntil = renewedAt + usableMs;
    }
  }

  /** null while another process holds it; undefined without an answer in time: a database that hangs keeps no lease alive. */
  async function acquire(patienceMs: number, whileAlive: AbortSignal): Promise<Lease | null | undefined> {
    const acquiring = keeper.acquire().catch((error: unknown) => {
      logger.warn({ error: String(error) }, 'The lease could not be acquired or renewed.');
      return undefined;
    });
    using patience = createTimeLimit(clock, Math.max(0, patienceMs), whileAlive);
    return await Promise.race([acquiring, patience.passed]);
  }
}
