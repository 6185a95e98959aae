import { v7 } from 'uuid';
import type { ModelCatalogue } from '../domain/models/model-catalogue.ts';
import { generationMode } from '../domain/task/generation-mode.ts';
import { seededRandom } from '../kit/seeded-random.ts';
import type { PastTask } from '../store/insert-past-tasks.ts';
import { makeOutcome } from './outcomes.ts';
import { makeRequest } from './requests.ts';

/**
 * No gateway's account, whose names have slashes in them: every scheduler, archive and curve goes by account, so that no
 * made-up task is sent or polled, and nothing is learned from one.
 */
export const seededAccount = 'seed';

export type PastTaskOptions = {
  owner: string;
  /** The same numbers give the same task, but for its id and its times. */
  seed: number;
  number: number;
  endedAt: Date;
  catalogue: Pick<ModelCatalogue, 'models'>;
};

/** A task that was created, was followed and has ended. Only what has ended is safe to make up: nothing is done about it. */
export function makePastTask({ owner, seed, number, endedAt, catalogue }: PastTaskOptions): PastTask {
  const random = seededRandom('past task', seed, number);
  const request = makeRequest(random, catalogue);
  const moves = makeOutcome(random, request);
  const createdMs = endedAt.getTime() - (moves.at(-1)?.afterMs ?? 0);
  const bytes = Uint8Array.from({ length: 16 }, () => random.integer(0, 255));
  const id = v7({ msecs: createdMs, random: bytes });
  return {
    task: {
      id,
      owner,
      account: seededAccount,
      kind: request.kind,
      mode: generationMode(request),
      request,
      warnings: [],
      retryOf: null,
      idempotencyKey: null,
      requestHash: null,
    },
    upstreamTaskId: moves.length > 1 ? `seed-${request.kind}-${id}` : null,
    pollCount: moves.length > 1 ? random.integer(2, 12) : 0,
    moves: moves.map(({ afterMs, move }) => ({ at: new Date(createdMs + afterMs), move })),
  };
}
