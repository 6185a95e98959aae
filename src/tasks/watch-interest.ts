import type { Clock } from '../kit/clock.ts';
import type { TaskFeed } from '../domain/task/feed.ts';
import type { Logger } from '../kit/logger.ts';
import { repeat } from '../kit/repeat.ts';
import type { Database } from '../store/database.ts';
import { recordWatch } from '../store/task-watch.ts';

const lookEveryMs = 1_000;
/** An interest outlives its replica by this much. */
const livesMs = 30_000;
const renewAfterMs = 10_000;

/**
 * Publishes which tasks are waited for here, so that the scheduler, in whatever process it runs, polls those more often: new
 * ones within a second, all of them again every 10 s. Stops when it is disposed of.
 */
export function publishWatchInterest(
  feed: Pick<TaskFeed, 'urgentIds' | 'settle'>,
  database: Database,
  { clock, logger }: { clock: Clock; logger: Logger },
): AsyncDisposable {
  const stopping = new AbortController();
  let publishedAt = new Map<string, number>();

  async function publish(): Promise<void> {
    const now = clock.monotonic();
    const watched = feed.urgentIds();
    const due = watched.filter((id) => now - (publishedAt.get(id) ?? Number.NEGATIVE_INFINITY) >= renewAfterMs);
    const recorded = new Set(await recordWatch(database, due, livesMs));
    feed.settle(due.filter((id) => !recorded.has(id)));
    for (const id of due) publishedAt.set(id, now);
    publishedAt = new Map(watched.map((id) => [id, publishedAt.get(id) ?? now]));
  }

  const failure = 'Which tasks are watched was not published.';
  const publishing = repeat(publish, { everyMs: lookEveryMs, failure, clock, logger, signal: stopping.signal });
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await publishing;
    },
  };
}
