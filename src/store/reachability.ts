import type { Clock } from '../kit/clock.ts';
import { createTimeLimit } from '../kit/time-limit.ts';
import { databaseTime } from './database-time.ts';
import type { Database } from './database.ts';

/** Probes are given a second or more. */
const patienceMs = 800;

/**
 * Whether the database answers now. Told within a second also when it hangs. Those who ask at the same time share one
 * question: anybody may ask after the readiness without end, and a hanging database would be asked by all connections.
 */
export function createReachability(database: Database, clock: Clock): () => Promise<boolean> {
  let asked: Promise<boolean> | null = null;

  async function ask(): Promise<boolean> {
    using limit = createTimeLimit(clock, patienceMs);
    const answered = databaseTime(database).then(
      () => true,
      () => false,
    );
    return (await Promise.race([answered, limit.passed])) ?? false;
  }

  return () => (asked ??= ask().finally(() => (asked = null)));
}
