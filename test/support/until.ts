import { setTimeout as delay } from 'node:timers/promises';

/** Looks again and again until something is so. A test that waits in vain ends by its time-out. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(5);
}
