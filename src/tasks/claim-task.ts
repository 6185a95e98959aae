import type { Attempt } from '../domain/task/submission.ts';
import type { TaskRequest } from '../domain/request/request.ts';
import { UpstreamCallError } from '../domain/upstream.ts';
import { claimHeldTask } from '../store/submitting.ts';
import type { TaskDependencies } from './dependencies.ts';
import { lendFiles } from './file-references.ts';

/** What was claimed: to be sent, or to be refused for the caller's own sake. */
export type Claim = Attempt & ({ request: TaskRequest } | { refusal: UpstreamCallError });

/** Commits that a task is about to be sent, and makes its request ready. null when it is not to be sent (any more). */
export async function claimTask(
  dependencies: Pick<TaskDependencies, 'database' | 'lendFile'>,
  id: string,
  epoch: bigint,
): Promise<Claim | null> {
  const claimed = await claimHeldTask(dependencies.database, id, epoch);
  if (claimed === null) return null;
  const { owner, request, ...attempt } = claimed;
  const ready = await lendFiles(dependencies, owner, request);
  return ready === null ? { ...attempt, refusal: fileGone() } : { ...attempt, request: ready };
}

function fileGone(): UpstreamCallError {
  return new UpstreamCallError('not-connected', 'FILE_GONE', 'A result that the request refers to is gone.');
}
