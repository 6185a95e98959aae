import { LRUCache } from 'lru-cache';
import type { Clock } from '../kit/clock.ts';

/** Whether a result URL answers now. */
export type FileUrlCheck = (url: string) => Promise<'alive' | 'dead' | 'unknown'>;

const believedMs = 60_000;
const rememberedUrls = 1_000;

/**
 * Tries a result URL whose expiry is unknown. Answers the moment at which it was seen to work, or null when it is dead
 * or can't be reached: it is only handed out while it surely works. What was seen is believed for a minute.
 */
export function createFileUrlTrial(check: FileUrlCheck, clock: Clock): (url: string) => Promise<Date | null> {
  const seen = new LRUCache<string, { at: Date; alive: Promise<boolean> }>({ max: rememberedUrls });
  return async (url) => {
    const now = clock.now();
    const last = seen.get(url);
    if (last !== undefined && now - last.at.getTime() < believedMs) return (await last.alive) ? last.at : null;
    const trial = { at: new Date(now), alive: check(url).then((state) => state === 'alive') };
    seen.set(url, trial);
    return (await trial.alive) ? trial.at : null;
  };
}
