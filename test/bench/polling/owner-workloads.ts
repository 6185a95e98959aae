import { erlang, logNormal, priors, streams, type Stream, type Workload } from './workloads.ts';

/** Images of several owners, of one model, at 20 Describes a second. */
function shared(name: string, what: string, of: readonly Partial<Stream>[], warmUp = 600): Workload {
  const image = { model: 0, run: logNormal(8, 0.5), wait: erlang(2), prior: priors.image, perSecond: 1 };
  const all = of.map((stream) => ({ ...image, ...stream }));
  return { name, what, limit: 20, priors: [priors.image], arrivals: streams(all, warmUp) };
}

const watchedBy = (watched: boolean): Partial<Stream> => (watched ? { watchedShare: 1 } : {});

/** A small owner beside a large one, which may watch all that it makes. The large one comes first: alone it has the same tasks. */
export type Pair = { small: number; owners?: number; large: number; watched: boolean };

export const pairs: readonly Pair[] = [
  ...[0.2, 1, 5].flatMap((small) =>
    [10, 19.4].flatMap((large) => [false, true].map((watched) => ({ small, large, watched }))),
  ),
  { small: 0.5, owners: 100, large: 10, watched: false },
  { small: 0.5, owners: 100, large: 10, watched: true },
];

export function nameOf({ small, owners, large, watched }: Pair): string {
  const smallOnes = owners === undefined ? `${small} a second` : `${owners} owners, ${small} a second in all`;
  return `${smallOnes}, beside ${large}${watched ? ', watched' : ''}`;
}

const largeOf = ({ large, watched }: Pair): Partial<Stream> => ({
  owner: 'large',
  perSecond: large,
  ...watchedBy(watched),
});
const smallOf = ({ small, owners }: Pair): Partial<Stream> => ({
  owner: 'small',
  perSecond: small,
  ...(owners !== undefined && { owners }),
});
/** Makes nothing: keeps the other stream at its place, and so its tasks the same. */
const absent: Partial<Stream> = { perSecond: 1e-9 };

export const together = (pair: Pair): Workload => shared('pair', nameOf(pair), [largeOf(pair), smallOf(pair)]);
export const smallAlone = (pair: Pair): Workload => shared('small', nameOf(pair), [absent, smallOf(pair)]);
export const largeAlone = (pair: Pair, limit: number): Workload => ({
  ...shared('large', nameOf(pair), [largeOf(pair)]),
  limit,
});

export const equals = shared(
  'equals',
  '1,000 owners with 12 tasks each',
  [{ owner: 'one', owners: 1_000, perSecond: 12, wait: erlang(989, 4) }],
  3_000,
);
