import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { WakeUp } from './wake-up.ts';

export type Repetition = {
  /** The pause after a turn; the longest one where turns say when the next is due. */
  everyMs: number;
  /** The log line for a turn that failed. */
  failure: string;
  clock: Pick<Clock, 'sleep'>;
  logger: Logger;
  signal: AbortSignal;
  wakeUp?: WakeUp;
};

/** Turns that are always due must leave time for other work. */
const minPauseMs = 20;

/** Takes turns until the signal aborts. A turn may return in how many milliseconds the next is due. Never rejects. */
export async function repeat(turn: () => Promise<number | null | void>, repetition: Repetition): Promise<void> {
  const { everyMs, failure, clock, logger, signal, wakeUp } = repetition;
  const sleep = wakeUp ? wakeUp.sleep : (ms: number) => clock.sleep(ms, signal).catch(() => {});
  while (!signal.aborted) {
    const dueMs = await turn().catch((error: unknown) => logger.warn({ error: String(error) }, failure));
    await sleep(typeof dueMs === 'number' ? Math.min(everyMs, Math.max(minPauseMs, dueMs)) : everyMs, signal);
  }
}
