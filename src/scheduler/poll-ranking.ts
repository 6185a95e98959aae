import { isClaim, isWorthwhile, setBack, valueOf, type PollEntry } from './poll-entry.ts';

/** Entries of which the first is worth most, as it has waited longest. */
export type Candidates = { first(): PollEntry | null };

/**
 * Which of the candidates to poll. What the first of each is worth is kept until it would differ, so that a decision
 * compares numbers and values only a few anew. If the first one has gone since, the next one is worth no more.
 */
export type PollRanking = {
  include(candidates: Candidates): void;
  exclude(candidates: Candidates): void;
  /** Another entry may be first by now. */
  renew(candidates: Candidates): void;
  choose(now: number): PollEntry | null;
};

/** `onSetBack` hears of each entry that was last seen in the future, as the wall clock was set back. */
export function createPollRanking(onSetBack: (entry: PollEntry) => void): PollRanking {
  const places = new Map<Candidates, number>();
  const freePlaces: number[] = [];
  // By place. What a decision reads of all of them lies in arrays of nothing but numbers.
  const candidates: (Candidates | null)[] = [];
  const firsts: (PollEntry | null)[] = [];
  const values: number[] = [];
  const claimValues: number[] = [];
  const valuedUntil: number[] = [];
  let chosenAt = Number.NEGATIVE_INFINITY;

  function put(place: number, first: PollEntry | null, value: number, claimValue: number, until: number): void {
    firsts[place] = first;
    values[place] = value;
    claimValues[place] = claimValue;
    valuedUntil[place] = until;
  }

  function valueAnew(place: number, now: number): void {
    const first = candidates[place]?.first() ?? null;
    if (first === null) return put(place, null, 0, 0, Number.POSITIVE_INFINITY);
    if (first.lastAt > now) {
      setBack(first, now);
      onSetBack(first);
    }
    const { value, until } = valueOf(first, now);
    const claims = first.sharer.isBehind && isClaim(first, value, now);
    put(place, first, isWorthwhile(first, value) ? value : 0, claims ? value : 0, until);
  }

  function greatest(numbers: readonly number[], now: number): PollEntry | null {
    for (;;) {
      const place = indexOfGreatest(numbers);
      const first = firsts[place];
      if (first?.gone !== true) return first ?? null;
      valueAnew(place, now);
    }
  }

  return {
    include(added) {
      const place = freePlaces.pop() ?? candidates.length;
      places.set(added, place);
      candidates[place] = added;
      put(place, null, 0, 0, Number.NEGATIVE_INFINITY);
    },

    exclude(removed) {
      const place = places.get(removed);
      if (place === undefined) return;
      places.delete(removed);
      freePlaces.push(place);
      candidates[place] = null;
      put(place, null, 0, 0, Number.POSITIVE_INFINITY);
    },

    renew(changed) {
      const place = places.get(changed);
      if (place !== undefined) valuedUntil[place] = Number.NEGATIVE_INFINITY;
    },

    choose(now) {
      const isSetBack = now < chosenAt;
      chosenAt = now;
      for (let place = 0; place < valuedUntil.length; place += 1) {
        if (isSetBack || now >= (valuedUntil[place] ?? 0)) valueAnew(place, now);
      }
      const best = greatest(values, now);
      return best?.sharer.isBehind === true ? best : (greatest(claimValues, now) ?? best);
    },
  };
}

/** Of those above 0; -1 if there is none. */
function indexOfGreatest(numbers: readonly number[]): number {
  let [index, greatest] = [-1, 0];
  for (let other = 0; other < numbers.length; other += 1) {
    const number = numbers[other] ?? 0;
    if (number > greatest) [index, greatest] = [other, number];
  }
  return index;
}
