import type { Clock } from '../kit/clock.ts';
import { TemporarilyUnavailableError, TooManyAtOnceError } from '../domain/errors.ts';
import { shareGroupOf } from '../domain/task/share-group.ts';
import type { Caller } from '../domain/task/task.ts';
import type { SharedPacer } from './shared-pacer.ts';

/** So many of an owner's questions of one kind may wait: what a person has adopted one by one, not a bulk of ids. */
const mostWaiting = 20;
/** By then the caller has hardly any patience left, and what nobody reads any more must not be asked. */
const longestWaitMs = 10_000;

/** Resolves when a question may be asked for a caller. Throws a TooManyAtOnceError or a TemporarilyUnavailableError. */
export async function takeForCaller(
  pacer: SharedPacer,
  caller: Caller,
  { clock, stopping }: { clock: Clock; stopping: AbortSignal },
): Promise<void> {
  const { owner } = caller;
  if (pacer.waiting(owner) >= mostWaiting) {
    throw new TooManyAtOnceError(
      `${mostWaiting} tasks of yours wait to be asked after for trackTask, and no more may. Nothing was recorded; try again in a moment.`,
    );
  }
  const granted = new AbortController();
  const tooLate = new AbortController();
  void clock.sleep(longestWaitMs, granted.signal).then(
    () => tooLate.abort(),
    () => {},
  );
  try {
    await pacer.takeFor(owner, AbortSignal.any([stopping, tooLate.signal]), shareGroupOf(caller));
  } catch (cause) {
    const why = stopping.aborted ? 'The gateway is being stopped' : 'The upstream has no room for this question';
    throw new TemporarilyUnavailableError(`${why}. Nothing was recorded; try again.`, { cause });
  } finally {
    granted.abort();
  }
}
