import { RefusedRecordError } from '../domain/task/refused-record.ts';
import type { SchedulingUseCases } from './scheduling.ts';

/**
 * The tasks of which this process is about to record what came of their Create, or to undo a claim that is in doubt: after
 * a long outage of the database they look like orphans, and are none. A new term doesn't wait for them.
 */
export function keepInHand({
  claim,
  undoClaim,
  recordOutcome,
  findOrphans,
}: Pick<SchedulingUseCases, 'claim' | 'undoClaim' | 'recordOutcome' | 'findOrphans'>) {
  const inHand = new Set<string>();

  /** What fails is in doubt and stays in hand; what the database refuses is over. */
  async function hold<T>(id: string, recording: () => Promise<T>): Promise<T> {
    inHand.add(id);
    try {
      const recorded = await recording();
      inHand.delete(id);
      return recorded;
    } catch (error) {
      if (error instanceof RefusedRecordError) inHand.delete(id);
      throw error;
    }
  }

  return {
    claim: (id, epoch) => hold(id, () => claim(id, epoch)),
    undoClaim: (id, epoch) => hold(id, () => undoClaim(id, epoch)),
    recordOutcome: (attempt, outcome, signal) => hold(attempt.taskId, () => recordOutcome(attempt, outcome, signal)),
    findOrphans: async () => (await findOrphans()).filter(({ taskId }) => !inHand.has(taskId)),
  } satisfies Partial<SchedulingUseCases>;
}
