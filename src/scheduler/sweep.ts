import type { Logger } from '../kit/logger.ts';
import type { SchedulingUseCases } from '../tasks/scheduling.ts';

/**
 * One turn of it ends the tasks whose submission was never confirmed: those that two turns in a row have found. The
 * database may be back only since a moment ago, and the process that sent a task about to record what came of it.
 */
export function createSweep(tasks: Pick<SchedulingUseCases, 'findOrphans' | 'endOrphans'>, logger: Logger) {
  /** What the turn before found. Empty after a failed one. */
  let suspects: ReadonlySet<string> = new Set();

  return async (): Promise<void> => {
    const seenBefore = suspects;
    suspects = new Set();
    const found = await tasks.findOrphans();
    const orphans = found.filter(({ taskId }) => seenBefore.has(taskId));
    await tasks.endOrphans(orphans);
    if (orphans.length > 0)
      logger.warn({ orphans: orphans.length }, 'Tasks whose submission was never confirmed have been ended.');
    suspects = new Set(found.map(({ taskId }) => taskId));
  };
}
