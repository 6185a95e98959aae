import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { WakeUp } from './wake-up.ts';

export type Repetition = {
  /** From the end of a turn to the next; at most, where a turn answers when the next one is due. */
  everyMs: number;
  /** What is logged of a turn that failed. The next one comes all the same. */
  failure: string;
  clock: Pick<Clock, 'sleep'>;
  logger: Logger;
  signal: AbortSignal;
  /** Cuts a pause short. */
  wakeUp?: WakeUp;
};

/** So that turns that are always due leave time for others. */
const minPauseMs = 20;

/**
 * Does something at once, and again and again until the signal aborts. A turn may answer in how many milliseconds the next
 * one is due. Never rejects.
 */
export async function repeat(turn: () => Promise<number | null | void>, repetition: Repetition): Promise<void> {
  const { everyMs, failure, clock, logger, signal, wakeUp } = repetition;
  const sleep = wakeUp ? wakeUp.sleep : (ms: number) => clock.sleep(ms, signal).catch(() => {});
  while (!signal.aborted) {
    const dueMs = await turn().catch((error: unknown) => logger.warn({ error: String(error) }, failure));
    await sleep(typeof dueMs === 'number' ? Math.min(everyMs, Math.max(minPauseMs, dueMs)) : everyMs, signal);
  }
}
