import type { ChangePlace, ChangePosition, ChangesPage } from '../domain/task/change-place.ts';
import { ownerTag, type TaskHint } from '../domain/task/task-hint.ts';

/** What it asks of the store. */
export type ChangeReads = {
  findPlace(): Promise<ChangePlace>;
  /** null when the place is another database's, or too old. */
  findChangesAfter(place: ChangePlace, from?: ChangePosition): Promise<ChangesPage | null>;
};

export type MissedChangesOptions = ChangeReads & {
  /** Where the first look begins: all who subscribe do so later. */
  beginning: ChangePlace;
  /** Whether there is anybody to hear of changes. */
  isHeard(): boolean;
  hear(hints: readonly TaskHint[]): void;
  /** All up to there has been heard. */
  onReached(place: ChangePlace): void;
  /** The database is another one now, or its changes of before have been forgotten: what was missed can't be told. */
  onLost(): void;
};

/**
 * Looks for what was committed since the last look, in the order of commits and page by page, so that nothing is passed over
 * that became visible late. A look that fails has not been: the next one begins where it began.
 */
export function createMissedChanges({ beginning, ...options }: MissedChangesOptions) {
  let lookedAt = beginning;

  /** null while there are subscribers, even such as came since it was asked for. */
  async function placeWithoutSubscribers(): Promise<ChangePlace | null> {
    if (options.isHeard()) return null;
    const place = await options.findPlace();
    return options.isHeard() ? null : place;
  }

  /** Where the database was at the first page. What is committed later may be on the other pages, and comes again. */
  async function hearAll(): Promise<ChangePlace> {
    const first = await options.findChangesAfter(lookedAt);
    if (first === null) {
      // Before what is watched is read again: what changes meanwhile is after it.
      const place = await options.findPlace();
      options.onLost();
      return place;
    }
    for (let page: typeof first | null = first; page !== null;) {
      options.hear(page.changes.map(({ id, owner, revision }) => ({ id, revision, ownerTag: ownerTag(owner) })));
      page = page.next && (await options.findChangesAfter(lookedAt, page.next));
    }
    return first.place;
  }

  return {
    async look(): Promise<void> {
      lookedAt = (await placeWithoutSubscribers()) ?? (await hearAll());
      options.onReached(lookedAt);
    },
  };
}
