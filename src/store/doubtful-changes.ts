import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import type { Moved } from './move-task.ts';

type Revision = Pick<Moved, 'id' | 'owner' | 'revision'>;

/** An outage makes all moves doubtful, again and again: so they are gathered, and read once in so long. */
const gatherMs = 500;
/** Of a moment. The rest is found by the feed's catch-up. */
const maxDoubts = 1_000;

/** Reads and announces the revisions of tasks that may have changed. What can't be read is left to the feed's catch-up. */
export function createDoubtfulChanges(
  read: (ids: readonly string[]) => Promise<Revision[]>,
  { tell, clock, logger }: { tell(revisions: readonly Revision[]): void; clock: Clock; logger: Logger },
) {
  const doubts = new Set<string>();
  let announcing: Promise<void> | null = null;
  let hurry = new AbortController();

  async function gatherAndAnnounce(): Promise<void> {
    await clock.sleep(gatherMs, hurry.signal).catch(() => {});
    const ids = [...doubts];
    doubts.clear();
    announcing = null;
    try {
      tell(await read(ids));
    } catch (error) {
      logger.debug({ error: String(error) }, 'Tasks that may have changed could not be read.');
    }
  }

  return {
    add(taskId: string): void {
      if (doubts.size < maxDoubts) doubts.add(taskId);
      announcing ??= gatherAndAnnounce();
    },

    /** Without waiting for more. */
    async flush(): Promise<void> {
      hurry.abort();
      await announcing;
      hurry = new AbortController();
    },
  };
}
