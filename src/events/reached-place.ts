import { isAfter, type ChangePlace } from '../domain/task/change-place.ts';

/**
 * Up to where a subscriber has been handed everything. A place that the feed has reached counts for the subscriber once all
 * that waited for it at that moment has been handed out: each state that waits has a turn, and turns only grow.
 */
export function createReachedPlace() {
  let beginning: ChangePlace | null = null;
  let current: ChangePlace | null = null;
  let ahead: { place: ChangePlace; turn: number }[] = [];
  let turn = 0;

  return {
    nextTurn: (): number => (turn += 1),

    begin(after: ChangePlace): void {
      beginning = after;
      current = after;
    },

    /** What the feed reaches before the subscriber begins does not count: what it missed until then is not yet offered. */
    add(place: ChangePlace, nothingWaits: boolean): void {
      if (beginning === null) return;
      if (nothingWaits) {
        current = place;
        ahead = [];
      } else {
        // The nearest stays, so that a slow reader gets somewhere; of the others the farthest is enough.
        ahead = [...ahead.slice(0, 1), { place, turn }];
      }
    },

    /** All turns before the next one that waits are over; null: all are. */
    passTo(next: number | null): void {
      const passed = ahead.filter((mark) => next === null || mark.turn < next);
      current = passed.at(-1)?.place ?? current;
      ahead = ahead.slice(passed.length);
    },

    isAfterBeginning: (transaction: bigint): boolean => beginning !== null && isAfter(beginning.snapshot, transaction),

    place: (): ChangePlace | null => current,
  };
}
