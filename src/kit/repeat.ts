import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

export type Repetition = {
  /** From the end of a turn to the next. */
  everyMs: number;
  /** What is logged of a turn that failed. The next one comes all the same. */
  failure: string;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

/** Does something at once, and again and again until the signal aborts. Never rejects. */
export async function repeat(turn: () => Promise<void>, repetition: Repetition): Promise<void> {
  const { everyMs, failure, clock, logger, signal } = repetition;
  while (!signal.aborted) {
    await turn().catch((error: unknown) => logger.warn({ error: String(error) }, failure));
    await clock.sleep(everyMs, signal).catch(() => {});
  }
}
