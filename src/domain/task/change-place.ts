/**
 * Which transactions of a database were over at a moment: all below `xmax`, except those under way. PostgreSQL calls it a
 * snapshot. It orders changes by their commits, whatever the clocks say, and whenever a transaction began.
 */
export type Snapshot = { xmax: bigint; underWay: readonly bigint[] };

/** A place in the order of commits of one database, which has a random id. */
export type ChangePlace = { database: string; snapshot: Snapshot };

/** A change as it was written down, and in which transaction. */
export type FoundChange = { id: string; revision: number; owner: string; transaction: bigint };

/** Where the next page begins. */
export type ChangePosition = Pick<FoundChange, 'transaction' | 'id' | 'revision'>;

export type ChangesPage = {
  /** Where the database was when the page was read. That of the first page is where to look from next. */
  place: ChangePlace;
  /** In the order of their transactions. */
  changes: FoundChange[];
  /** null after the last page. */
  next: ChangePosition | null;
};

/**
 * So many transactions under way are told to clients; where there are more, all from there on count as not yet seen, and
 * what they and the later ones did may be told twice.
 */
const maxUnderWay = 64;

/** Of PostgreSQL's text: `xmin:xmax:xid,xid…` */
export function parseSnapshot(text: string): Snapshot {
  const [, xmax = '', underWay = ''] = text.split(':');
  return { xmax: BigInt(xmax), underWay: underWay === '' ? [] : underWay.split(',').map(BigInt) };
}

/** Whether what this transaction did was not to be seen yet. */
export function isAfter({ xmax, underWay }: Snapshot, transaction: bigint): boolean {
  return transaction >= xmax || underWay.includes(transaction);
}

const placeText = /^1\.([\da-f-]{36})\.([\da-f]{1,16})\.((?:[\da-f]{1,16})(?:,[\da-f]{1,16})*)?$/;
/** What the longest place takes as text, and some more. */
const maxTextLength = 2_000;

/** As opaque text. Those under way are written as their distances from `xmax`, which are short. */
export function encodePlace({ database, snapshot }: ChangePlace): string {
  const { xmax, underWay } = bounded(snapshot);
  const distances = underWay.map((transaction) => (xmax - transaction).toString(16)).join(',');
  return Buffer.from(`1.${database}.${xmax.toString(16)}.${distances}`).toString('base64url');
}

function bounded({ xmax, underWay }: Snapshot): Snapshot {
  const sorted = underWay.toSorted((one, other) => (one < other ? -1 : 1));
  return { xmax: sorted[maxUnderWay] ?? xmax, underWay: sorted.slice(0, maxUnderWay) };
}

/** null for what encodePlace() didn't make. */
export function decodePlace(text: string): ChangePlace | null {
  if (text.length > maxTextLength) return null;
  const [, database, xmaxText, distances = ''] = placeText.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (database === undefined || xmaxText === undefined) return null;
  const xmax = BigInt(`0x${xmaxText}`);
  const underWay = distances === '' ? [] : distances.split(',').map((distance) => xmax - BigInt(`0x${distance}`));
  const place = { database, snapshot: { xmax, underWay } };
  const isPossible = underWay.length <= maxUnderWay && underWay.every((each) => each > 0n && each < xmax);
  // Decoding skips what isn't base64url, so that many texts would be one place.
  return isPossible && encodePlace(place) === text ? place : null;
}
