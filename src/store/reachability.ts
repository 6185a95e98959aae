import type { Clock } from '../kit/clock.ts';
import { createTimeLimit } from '../kit/time-limit.ts';
import { databaseTime } from './database-time.ts';
import type { Database } from './database.ts';

/** Probes are given a second or more. */
const patienceMs = 800;

/**
 * Whether the database answers now. Answers within a second also when it hangs. Calls at the same time share one
 * query: anyone may request the readiness without end, and a hanging database would take all connections.
 */
export function createReachability(database: Database, clock: Clock): () => Promise<boolean> {
  let checking: Promise<boolean> | null = null;

  async function check(): Promise<boolean> {
    using limit = createTimeLimit(clock, patienceMs);
    const answered = databaseTime(database).then(
      () => true,
      () => false,
    );
    return (await Promise.race([answered, limit.passed])) ?? false;
  }

  return () => (checking ??= check().finally(() => (checking = null)));
}
