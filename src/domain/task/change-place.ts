/**
 * Says which transactions were over at a moment: all below `xmax`, except those under way. So changes are ordered by their
 * commits, whatever clocks say and whenever a transaction began.
 */
export type Snapshot = { xmax: bigint; underWay: readonly bigint[] };

/** A place in the order of commits of one database, which has a random id. */
export type ChangePlace = { database: string; snapshot: Snapshot };

export type FoundChange = { id: string; revision: number; owner: string; transaction: bigint };

export type ChangePosition = Pick<FoundChange, 'transaction' | 'id' | 'revision'>;

export type ChangesPage = {
  /** When the page was read. The next read of changes begins at the place of the first page. */
  place: ChangePlace;
  changes: FoundChange[];
  next: ChangePosition | null;
};

/** If more are under way, the later ones count as not yet seen: a client may get their changes twice. */
const maxUnderWay = 64;

/** `text` is PostgreSQL's: `xmin:xmax:xid,xid…`. */
export function parseSnapshot(text: string): Snapshot {
  const [, xmax = '', underWay = ''] = text.split(':');
  return { xmax: BigInt(xmax), underWay: underWay === '' ? [] : underWay.split(',').map(BigInt) };
}

export function isAfter({ xmax, underWay }: Snapshot, transaction: bigint): boolean {
  return transaction >= xmax || underWay.includes(transaction);
}

const placeText = /^1\.([\da-f-]{36})\.([\da-f]{1,16})\.((?:[\da-f]{1,16})(?:,[\da-f]{1,16})*)?$/;
const maxTextLength = 2_000;

/** Transactions under way are written as their distances from `xmax`, which are short. */
export function encodePlace({ database, snapshot }: ChangePlace): string {
  const { xmax, underWay } = bounded(snapshot);
  const distances = underWay.map((transaction) => (xmax - transaction).toString(16)).join(',');
  return Buffer.from(`1.${database}.${xmax.toString(16)}.${distances}`).toString('base64url');
}

function bounded({ xmax, underWay }: Snapshot): Snapshot {
  const sorted = underWay.toSorted((one, other) => (one < other ? -1 : 1));
  return { xmax: sorted[maxUnderWay] ?? xmax, underWay: sorted.slice(0, maxUnderWay) };
}

export function decodePlace(text: string): ChangePlace | null {
  if (text.length > maxTextLength) return null;
  const [, database, xmaxText, distances = ''] = placeText.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (database === undefined || xmaxText === undefined) return null;
  const xmax = BigInt(`0x${xmaxText}`);
  const underWay = distances === '' ? [] : distances.split(',').map((distance) => xmax - BigInt(`0x${distance}`));
  const place = { database, snapshot: { xmax, underWay } };
  const isPossible = underWay.length <= maxUnderWay && underWay.every((each) => each > 0n && each < xmax);
  // Decoding skips what isn't base64url: without the comparison, many texts would name one place.
  return isPossible && encodePlace(place) === text ? place : null;
}
