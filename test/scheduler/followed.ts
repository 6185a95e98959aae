import type { Followed } from '../../src/domain/task/following.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';

type Known = Partial<Pick<Followed, 'lastPolledAt' | 'lastUnfinishedAt'>> &
  Partial<Pick<Followed['task'], 'state' | 'status' | 'submittedAt'>> & { request?: TaskRequest | null };

/** What is known of an image task that is being asked after. */
export function followed(id: string, known: Known = {}): Followed {
  const { lastPolledAt = null, lastUnfinishedAt = null, submittedAt = null, state = 'submitted' } = known;
  const { request = { kind: 'IMAGE', prompt: 'a kite', model: { name: 'GEM', version: '3.0' } } } = known;
  return {
    task: {
      id,
      kind: 'IMAGE',
      state,
      status: known.status ?? 'WAIT',
      request,
      submittedAt,
      endedAt: null,
      failure: null,
    },
    lastPolledAt,
    lastUnfinishedAt,
    unrecordedPolls: 0,
    missingCount: 0,
    missingSince: null,
    emptyDoneSince: null,
  };
}
