import { isAfter, type ChangePlace } from '../domain/task/change-place.ts';

/**
 * The place up to which a subscriber was handed everything. A place that the feed has reached counts once all states that
 * waited for the subscriber at that moment were handed out: each has a turn, and turns only grow.
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

    /** Ignored before the subscriber begins: what it missed until then is not offered yet. */
    add(place: ChangePlace, nothingWaits: boolean): void {
      if (beginning === null) return;
      if (nothingWaits) {
        current = place;
        ahead = [];
      } else {
        // The nearest stays, so that a slow reader makes progress; of the others the farthest is enough.
        ahead = [...ahead.slice(0, 1), { place, turn }];
      }
    },

    /** All turns before `next`, the first that waits, are over; null: all are. */
    passTo(next: number | null): void {
      const passed = ahead.filter((mark) => next === null || mark.turn < next);
      current = passed.at(-1)?.place ?? current;
      ahead = ahead.slice(passed.length);
    },

    isAfterBeginning: (transaction: bigint): boolean => beginning !== null && isAfter(beginning.snapshot, transaction),

    place: (): ChangePlace | null => current,
  };
}
