import type { Clock } from '../kit/clock.ts';
import { TemporarilyUnavailableError, TooManyAtOnceError } from '../domain/errors.ts';
import { shareGroupOf } from '../domain/task/share-group.ts';
import type { Caller } from '../domain/task/task.ts';
import type { SharedPacer } from './shared-pacer.ts';

/** So many of an owner's polls of one kind may wait: tasks that a person adopts one by one, not a bulk of ids. */
const maxWaiting = 20;
/** Few callers wait for longer, and an answer that is no longer read must not cost a poll. */
const maxWaitMs = 10_000;

/** Resolves when a poll may be made for a caller. Throws a TooManyAtOnceError or a TemporarilyUnavailableError. */
export async function takeForCaller(
  pacer: SharedPacer,
  caller: Caller,
  { clock, stopping }: { clock: Clock; stopping: AbortSignal },
): Promise<void> {
  const { owner } = caller;
  if (pacer.waiting(owner) >= maxWaiting) {
    throw new TooManyAtOnceError(
      `${maxWaiting} tasks of yours wait to be polled for trackTask, and no more may. Nothing was recorded; try again in a moment.`,
    );
  }
  const granted = new AbortController();
  const tooLate = new AbortController();
  void clock.sleep(maxWaitMs, granted.signal).then(
    () => tooLate.abort(),
    () => {},
  );
  try {
    await pacer.takeFor(owner, AbortSignal.any([stopping, tooLate.signal]), shareGroupOf(caller));
  } catch (cause) {
    const why = stopping.aborted ? 'The gateway is being stopped' : 'The upstream has no room for this poll';
    throw new TemporarilyUnavailableError(`${why}. Nothing was recorded; try again.`, { cause });
  } finally {
    granted.abort();
  }
}
