import type { ChangePlace, ChangePosition, ChangesPage } from '../domain/task/change-place.ts';
import { ownerTag, type TaskHint } from '../domain/task/task-hint.ts';

export type ChangeReads = {
  findPlace(): Promise<ChangePlace>;
  /** null when the place is another database's, or too old. */
  findChangesAfter(place: ChangePlace, from?: ChangePosition): Promise<ChangesPage | null>;
};

export type MissedChangesOptions = ChangeReads & {
  /** Where the first look begins: before all subscriptions. */
  beginning: ChangePlace;
  isHeard(): boolean;
  hear(hints: readonly TaskHint[]): void;
  /** All changes up to this place have been heard. */
  onReached(place: ChangePlace): void;
  /** The database is another one now, or has deleted these changes: what was missed is unknown. */
  onLost(): void;
};

/**
 * Finds what was committed since the last look, in the order of commits and page by page, so that nothing is skipped that
 * became visible late. After a look that failed, the next one begins where it began.
 */
export function createMissedChanges({ beginning, ...options }: MissedChangesOptions) {
  let lookedAt = beginning;

  /** null while there are subscribers, also those that came during the query. */
  async function placeWithoutSubscribers(): Promise<ChangePlace | null> {
    if (options.isHeard()) return null;
    const place = await options.findPlace();
    return options.isHeard() ? null : place;
  }

  /** Returns the place of the first page: later commits may be on further pages, and come again. */
  async function hearAll(): Promise<ChangePlace> {
    const first = await options.findChangesAfter(lookedAt);
    if (first === null) {
      // Before the watched tasks are read again, so that changes in between come after this place.
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
