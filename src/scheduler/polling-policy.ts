import type { Followed } from '../domain/following.ts';

/**
 * Decides which task to ask after next, within one API's budget. Pure: it knows no clock and sends nothing. Times are
 * wall-clock milliseconds.
 */
export type PollingPolicy = {
  add(followed: Followed, now: number): void;
  /** The task to ask after now, taken out until it is added again; else when to look again; null while there is none. */
  next(now: number): { id: string } | { at: number } | null;
  readonly size: number;
};
