import type { SchedulingUseCases } from './scheduling.ts';

/**
 * The tasks of which this process is about to record what came of their Create, or undoes a claim: they look like orphans,
 * above all when the database was away for long, and are none. A new term doesn't wait for them.
 */
export function keepInHand({
  claim,
  undoClaim,
  recordOutcome,
  findOrphans,
}: Pick<SchedulingUseCases, 'claim' | 'undoClaim' | 'recordOutcome' | 'findOrphans'>) {
  const inHand = new Set<string>();
  return {
    async claim(id, epoch) {
      inHand.add(id);
      const claimed = await claim(id, epoch);
      inHand.delete(id);
      return claimed;
    },
    async undoClaim(id, epoch) {
      await undoClaim(id, epoch);
      inHand.delete(id);
    },
    async recordOutcome(attempt, outcome, signal) {
      inHand.add(attempt.taskId);
      await recordOutcome(attempt, outcome, signal).finally(() => inHand.delete(attempt.taskId));
    },
    findOrphans: async () => (await findOrphans()).filter(({ taskId }) => !inHand.has(taskId)),
  } satisfies Partial<SchedulingUseCases>;
}
