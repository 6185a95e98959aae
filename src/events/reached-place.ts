import { isAfter, type ChangePlace } from '../domain/task/change-place.ts';

/** One for all that have none. */
const none: { place: ChangePlace; turn: number }[] = [];

/**
 * The place up to which a subscriber was handed everything. A place that the feed has reached counts once all states that
 * waited for the subscriber at that moment were handed out: each has a turn, and turns only grow.
 */
export class ReachedPlace {
  #beginning: ChangePlace | null = null;
  #current: ChangePlace | null = null;
  #ahead: { place: ChangePlace; turn: number }[] = none;
  #turn = 0;

  nextTurn(): number {
    return (this.#turn += 1);
  }

  begin(after: ChangePlace): void {
    this.#beginning = after;
    this.#current = after;
  }

  /** Ignored before the subscriber begins: what it missed until then is not offered yet. */
  add(place: ChangePlace, nothingWaits: boolean): void {
    if (this.#beginning === null) return;
    if (nothingWaits) {
      this.#current = place;
      this.#ahead = none;
    } else {
      // The nearest stays, so that a slow reader makes progress; of the others the farthest is enough.
      this.#ahead = [...this.#ahead.slice(0, 1), { place, turn: this.#turn }];
    }
  }

  /** All turns before `next`, the first that waits, are over; null: all are. */
  passTo(next: number | null): void {
    if (this.#ahead.length === 0) return;
    const passed = this.#ahead.filter((mark) => next === null || mark.turn < next);
    this.#current = passed.at(-1)?.place ?? this.#current;
    this.#ahead = this.#ahead.slice(passed.length);
  }

  isAfterBeginning(transaction: bigint): boolean {
    return this.#beginning !== null && isAfter(this.#beginning.snapshot, transaction);
  }

  place(): ChangePlace | null {
    return this.#current;
  }
}
