import TinyQueue from 'tinyqueue';
import type { PollEntry } from './poll-entry.ts';
import type { Sharer } from './poll-shares.ts';

/** Equal tasks, those of each sharer in a line of their own, which is the longest unasked first. */
type Line = { bucket: Bucket; sharer: Sharer; entries: TinyQueue<PollEntry>; place: Place | null };
/** Where a line stands among those of its bucket; out of date if the line has another place by now. */
type Place = { line: Line; lastAt: number };
type Bucket = { key: string; lines: Map<Sharer, Line>; behind: TinyQueue<Place>; others: TinyQueue<Place> };

/**
 * Tasks that wait for a poll. Equal ones share a bucket, so that a decision looks at no more than two of each: the longest
 * unasked of sharers that are behind, and of the others. What is gone stays until it comes to the front.
 */
export type PollBuckets = {
  add(key: string, entry: PollEntry): void;
  /** A sharer has fallen behind, or has caught up: its lines change sides. */
  turn(sharer: Sharer): void;
  /** Of each bucket the longest unasked of those that are behind, and of the others. */
  heads(): PollEntry[];
  readonly isEmpty: boolean;
};

export function createPollBuckets(): PollBuckets {
  const buckets = new Map<string, Bucket>();
  const linesOf = new Map<Sharer, Set<Line>>();

  function lineOf(bucket: Bucket, sharer: Sharer): Line {
    const known = bucket.lines.get(sharer);
    if (known !== undefined) return known;
    const entries = new TinyQueue<PollEntry>([], (one, other) => one.lastAt - other.lastAt);
    const line = { bucket, sharer, entries, place: null };
    bucket.lines.set(sharer, line);
    const lines = linesOf.get(sharer);
    if (lines === undefined) linesOf.set(sharer, new Set([line]));
    else lines.add(line);
    return line;
  }

  /** Puts a line where its first entry belongs. One without entries is dropped. */
  function place(line: Line): void {
    const { bucket, sharer } = line;
    const first = dropGone(line.entries);
    if (first === undefined) return drop(line);
    line.place = { line, lastAt: first.lastAt };
    (sharer.isBehind ? bucket.behind : bucket.others).push(line.place);
  }

  function drop(line: Line): void {
    const { bucket, sharer } = line;
    line.place = null;
    bucket.lines.delete(sharer);
    if (bucket.lines.size === 0) buckets.delete(bucket.key);
    const lines = linesOf.get(sharer);
    lines?.delete(line);
    if (lines?.size === 0) linesOf.delete(sharer);
  }

  function headOf(places: TinyQueue<Place>): PollEntry | undefined {
    for (let first = places.peek(); first !== undefined; first = places.peek()) {
      const { line } = first;
      const entry = line.entries.peek();
      if (line.place === first && entry?.gone === false) return entry;
      places.pop();
      if (line.place === first) place(line);
    }
    return undefined;
  }

  return {
    add(key, entry) {
      const bucket = buckets.get(key) ?? { key, lines: new Map(), behind: createPlaces(), others: createPlaces() };
      buckets.set(key, bucket);
      const line = lineOf(bucket, entry.sharer);
      line.entries.push(entry);
      if (line.place === null || entry.lastAt < line.place.lastAt) place(line);
    },

    turn(sharer) {
      for (const line of linesOf.get(sharer) ?? []) place(line);
    },

    heads() {
      const heads: PollEntry[] = [];
      for (const { behind, others } of buckets.values()) {
        const firstBehind = headOf(behind);
        if (firstBehind !== undefined) heads.push(firstBehind);
        const firstOther = headOf(others);
        if (firstOther !== undefined) heads.push(firstOther);
      }
      return heads;
    },

    get isEmpty() {
      return buckets.size === 0;
    },
  };
}

const createPlaces = (): TinyQueue<Place> => new TinyQueue<Place>([], (one, other) => one.lastAt - other.lastAt);

function dropGone(entries: TinyQueue<PollEntry>): PollEntry | undefined {
  let first = entries.peek();
  while (first?.gone === true) {
    entries.pop();
    first = entries.peek();
  }
  return first;
}
