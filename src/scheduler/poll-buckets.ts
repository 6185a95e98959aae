import TinyQueue from 'tinyqueue';
import type { PollEntry } from './poll-entry.ts';
import type { Candidates, PollRanking } from './poll-ranking.ts';
import type { Sharer } from './poll-shares.ts';

/** Equal tasks, those of each sharer in a line of their own, which is the longest unasked first. */
type Line = { bucket: Bucket; sharer: Sharer; entries: TinyQueue<PollEntry>; place: Place | null };
/** Where a line stands among those of its side; out of date if the line has another place by now. */
type Place = { line: Line; lastAt: number };
/** One side of a bucket: the lines of the sharers that are behind, or those of the others. */
type Side = Candidates & { places: TinyQueue<Place> };
type Bucket = { key: string; lines: Map<Sharer, Line>; behind: Side; others: Side };

/**
 * Tasks that wait for a poll. Equal ones share a bucket, and only two of each are candidates: the longest unpolled of the
 * sharers that are behind, and of the others. What is gone stays until it comes to the front.
 */
export type PollBuckets = {
  add(key: string, entry: PollEntry): void;
  /** A sharer has fallen behind, or has caught up: its lines change sides. */
  turn(sharer: Sharer): void;
  readonly isEmpty: boolean;
};

export function createPollBuckets(ranking: Pick<PollRanking, 'include' | 'exclude' | 'renew'>): PollBuckets {
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
    (sharer.isBehind ? bucket.behind : bucket.others).places.push(line.place);
    ranking.renew(bucket.behind);
    ranking.renew(bucket.others);
  }

  function drop(line: Line): void {
    const { bucket, sharer } = line;
    line.place = null;
    bucket.lines.delete(sharer);
    if (bucket.lines.size === 0) dropBucket(bucket);
    const lines = linesOf.get(sharer);
    lines?.delete(line);
    if (lines?.size === 0) linesOf.delete(sharer);
  }

  function firstOf(places: TinyQueue<Place>): PollEntry | null {
    for (let first = places.peek(); first !== undefined; first = places.peek()) {
      const { line } = first;
      const entry = line.entries.peek();
      if (line.place === first && entry?.gone === false) return entry;
      places.pop();
      if (line.place === first) place(line);
    }
    return null;
  }

  function createSide(): Side {
    const places = new TinyQueue<Place>([], (one, other) => one.lastAt - other.lastAt);
    return { places, first: () => firstOf(places) };
  }

  function createBucket(key: string): Bucket {
    const bucket: Bucket = { key, lines: new Map(), behind: createSide(), others: createSide() };
    buckets.set(key, bucket);
    ranking.include(bucket.behind);
    ranking.include(bucket.others);
    return bucket;
  }

  function dropBucket({ key, behind, others }: Bucket): void {
    buckets.delete(key);
    ranking.exclude(behind);
    ranking.exclude(others);
  }

  return {
    add(key, entry) {
      const bucket = buckets.get(key) ?? createBucket(key);
      const line = lineOf(bucket, entry.sharer);
      line.entries.push(entry);
      if (line.place === null || entry.lastAt < line.place.lastAt) place(line);
    },

    turn(sharer) {
      for (const line of linesOf.get(sharer) ?? []) place(line);
    },

    get isEmpty() {
      return buckets.size === 0;
    },
  };
}

function dropGone(entries: TinyQueue<PollEntry>): PollEntry | undefined {
  let first = entries.peek();
  while (first?.gone === true) {
    entries.pop();
    first = entries.peek();
  }
  return first;
}
