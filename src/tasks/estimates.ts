import type { Clock } from '../clock.ts';
import type { Estimate } from '../domain/estimate.ts';
import { curveOf, durationKeyOf, durationKeyText, type DurationKey } from '../domain/learned-duration.ts';
import type { SurvivalCurve } from '../domain/survival-curve.ts';
import type { Task } from '../domain/task.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { findDurations } from '../store/model-durations.ts';

/** When tasks will probably end, from what the scheduling replica has learned and published. */
export type Estimates = AsyncDisposable & {
  estimate(task: Task): Estimate | null;
  /** null before anything was seen. */
  medianSeconds(key: DurationKey): number | null;
};

const refreshMs = 5_000;

/** Keeps up with what is published until it is disposed of. */
export function createEstimates(
  database: Database,
  account: string,
  { clock, logger }: { clock: Clock; logger: Logger },
): Estimates {
  const stopping = new AbortController();
  let learned = new Map<string, SurvivalCurve>();
  const priors = new Map<string, SurvivalCurve>();

  function curveFor(key: DurationKey): SurvivalCurve {
    const text = durationKeyText(key);
    const known = learned.get(text) ?? priors.get(text);
    if (known) return known;
    const prior = curveOf(key);
    priors.set(text, prior);
    return prior;
  }

  async function refresh(): Promise<void> {
    try {
      const durations = await findDurations(database, account);
      priors.clear();
      learned = new Map(durations.map((duration) => [durationKeyText(duration), curveOf(duration, duration)]));
    } catch (error) {
      logger.warn({ error: String(error) }, 'Learned durations could not be read; estimates stay as they are.');
    }
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      await refresh();
      await clock.sleep(refreshMs, stopping.signal).catch(() => {});
    }
  }

  const following = follow();

  return {
    estimate(task) {
      const key = durationKeyOf(task);
      if (key === null || task.state === 'ended') return null;
      const now = clock.now();
      const age = task.submittedAt === null ? 0 : Math.max(0, (now - task.submittedAt.getTime()) / 1_000);
      const curve = curveFor(key);
      const endAfter = (share: number): Date => new Date(now + (curve.quantile(share, age) - age) * 1_000);
      const expectedEndAt = endAfter(0.5);
      const wholeSeconds = age + (expectedEndAt.getTime() - now) / 1_000;
      return {
        expectedEndAt,
        latestEndAt: endAfter(0.9),
        progress: wholeSeconds <= 0 ? 0 : Math.min(age / wholeSeconds, 0.99),
      };
    },

    medianSeconds(key) {
      return learned.get(durationKeyText(key))?.quantile(0.5, 0) ?? null;
    },

    async [Symbol.asyncDispose]() {
      stopping.abort();
      await following;
    },
  };
}
