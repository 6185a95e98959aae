import { decodePlace, encodePlace } from '../../src/domain/task/change-place.ts';

/** Of the same database, a place before everything that it has ever committed. */
export function earliestCursor(cursor: string): string {
  const place = decodePlace(cursor);
  if (place === null) throw new Error(`This is no cursor: ${cursor}`);
  return encodePlace({ ...place, snapshot: { xmax: 1n, underWay: [] } });
}
