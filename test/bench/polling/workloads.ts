import TinyQueue from 'tinyqueue';
import type { CompletionPrior } from '../../../src/domain/learning/completion-model.ts';
import { seededRandom, type Random } from '../../../src/kit/seeded-random.ts';

/** A task as only the upstream knows it. Times in seconds of virtual time. */
export type Arrival = {
  id: string;
  owner: string;
  at: number;
  startsAt: number;
  /** Infinity for a task that hangs for ever. */
  endsAt: number;
  model: number;
  weight: number;
  watched: boolean;
  measured: boolean;
};

export type Workload = {
  name: string;
  what: string;
  /** Describes a second. */
  limit: number;
  priors: readonly CompletionPrior[];
  /** In the order of their times; endless, so that the load stays while the measured ones are followed to their end. */
  arrivals(seed: number): Iterable<Arrival>;
  /** The gateway gives a task up at this age. */
  givesUpAfter?: number;
};

export const priors = {
  image: { wholeSeconds: 12, runSeconds: 8 },
  audio: { wholeSeconds: 67.5, runSeconds: 45 },
  video: { wholeSeconds: 180, runSeconds: 120 },
  offPeak: { wholeSeconds: 3_600, runSeconds: 120 },
} satisfies Record<string, CompletionPrior>;

export const measuredSeconds = 1_200;

export type Law = (random: Random) => number;
export const logNormal =
  (median: number, sigma: number): Law =>
  (random) =>
    random.logNormal(median, sigma);
/** Of `stages` exponential stages; one stage is an exponential. */
export const erlang =
  (mean: number, stages = 1): Law =>
  (random) => {
    let product = 1;
    for (let stage = 0; stage < stages; stage += 1) product *= 1 - random.fraction();
    return (-mean / stages) * Math.log(product);
  };

export type Stream = {
  perSecond: number;
  wait: Law;
  run: Law;
  prior: CompletionPrior;
  watchedShare?: number;
  hangingShare?: number;
  weight?: number;
  /** Tasks have been arriving for this long before the beginning. */
  presentFor?: number;
  /** One model for several streams; else each has its own. */
  model?: number;
  owner?: string;
  /** So many of that name and a number, each task of any of them. */
  owners?: number;
};

const onlyOwner = 'owner';

/** Poisson arrivals of some models on an upstream that never makes one task wait for another. */
export function streams(of: readonly Stream[], warmUp: number): (seed: number) => Iterable<Arrival> {
  return function* (seed) {
    const sources = new TinyQueue<{ next: Arrival; rest: Iterator<Arrival> }>([], (a, b) => a.next.at - b.next.at);
    for (const [index, stream] of of.entries()) {
      const rest = streamArrivals(stream, index, warmUp, seed);
      sources.push({ next: rest.next().value, rest });
    }
    for (let source = sources.pop(); source !== undefined; source = sources.pop()) {
      yield source.next;
      sources.push({ next: source.rest.next().value, rest: source.rest });
    }
  };
}

function* streamArrivals(stream: Stream, index: number, warmUp: number, seed: number): Generator<Arrival, never> {
  const random = seededRandom('arrivals', index, seed);
  let at = -(stream.presentFor ?? 0);
  for (let number = 0; ; number += 1) {
    at += erlang(1 / stream.perSecond)(random);
    const startsAt = at + stream.wait(random);
    const hangs = random.fraction() < (stream.hangingShare ?? 0);
    const endsAt = startsAt + stream.run(random);
    const watched = random.fraction() < (stream.watchedShare ?? 0);
    // Those that stay for days are measured where they end, which is the same in the mean.
    const measuredAt = stream.presentFor === undefined ? at : endsAt;
    const measured = !hangs && measuredAt >= warmUp && measuredAt < warmUp + measuredSeconds;
    if (at < 0 && endsAt < 0) continue;
    yield {
      id: `${index}/${number}`,
      owner: ownerOf(stream, random),
      at,
      startsAt,
      endsAt: hangs ? Number.POSITIVE_INFINITY : endsAt,
      model: stream.model ?? index,
      weight: stream.weight ?? 1,
      watched,
      measured,
    };
  }
}

function ownerOf({ owner = onlyOwner, owners }: Stream, random: Random): string {
  return owners === undefined ? owner : `${owner} ${Math.floor(random.fraction() * owners)}`;
}

/** An upstream with a number of slots, served first in, first out. */
function* firstInFirstOut(slots: number, run: Law, times: Iterable<number>, seed: number): Generator<Arrival> {
  const random = seededRandom('runs', seed);
  const freeAt = new TinyQueue<number>(Array.from({ length: slots }, () => Number.NEGATIVE_INFINITY));
  let number = 0;
  for (const at of times) {
    const startsAt = Math.max(at, freeAt.pop() ?? at);
    const endsAt = startsAt + run(random);
    freeAt.push(endsAt);
    number += 1;
    yield {
      id: `fifo/${number}`,
      owner: onlyOwner,
      at,
      startsAt,
      endsAt,
      model: 0,
      weight: 1,
      watched: false,
      measured: true,
    };
  }
}

function* waveTimes(mean: number, swing: number, period: number, seed: number): Generator<number> {
  const random = seededRandom('wave', seed);
  for (let at = 0; ;) {
    at += erlang(1 / (mean + swing))(random);
    if (random.fraction() * (mean + swing) < mean + swing * Math.sin((2 * Math.PI * at) / period)) yield at;
  }
}

const burst = Array.from({ length: 500 }, (_, index) => index / 20);
const image = { run: logNormal(8, 0.5), prior: priors.image };
const steady = (name: string, what: string, limit: number, of: readonly Stream[], warmUp: number): Workload => ({
  name,
  what,
  limit,
  priors: of.map(({ prior }) => prior),
  arrivals: streams(of, warmUp),
});
const busy = (wait: number, more: Partial<Stream> = {}): Stream[] => [
  { ...image, perSecond: 12, wait: erlang(wait, 4), ...more },
];

export const A = steady('A', 'light', 20, [{ ...image, perSecond: 2, wait: erlang(2) }], 600);
export const B400 = steady('B400', '400 in flight', 20, busy(24), 600);
export const B1000 = steady('B1000', '1,000 in flight', 20, busy(74), 900);
/** Of load enough that half the budget is just too little for it. */
export const B200 = steady('B200', '200 in flight', 20, [{ ...image, perSecond: 6, wait: erlang(24, 4) }], 600);
export const B3000 = steady('B3000', '3,000 in flight', 20, busy(241), 2_400);
export const B1000w = steady('B1000w', '20 % watched', 20, busy(74, { watchedShare: 0.2 }), 900);
export const Bfifo: Workload = {
  name: 'Bfifo',
  what: 'first in, first out upstream',
  limit: 20,
  priors: [priors.image],
  *arrivals(seed) {
    for (const arrival of firstInFirstOut(100, image.run, waveTimes(10.5, 7, 300, seed), seed)) {
      yield { ...arrival, measured: arrival.at >= 600 && arrival.at < 600 + measuredSeconds };
    }
  },
};
export const C: Workload = {
  name: 'C',
  what: 'burst of 500, cold',
  limit: 20,
  priors: [priors.image],
  *arrivals(seed) {
    const random = seededRandom('burst', seed);
    for (const at of burst) {
      const startsAt = at + erlang(2)(random);
      const endsAt = startsAt + image.run(random);
      yield {
        id: `burst/${at}`,
        owner: onlyOwner,
        at,
        startsAt,
        endsAt,
        model: 0,
        weight: 1,
        watched: false,
        measured: true,
      };
    }
  },
};
export const C2: Workload = {
  name: 'C2',
  what: 'the same, first in, first out, cold',
  limit: 20,
  priors: [priors.image],
  arrivals: (seed) => firstInFirstOut(60, image.run, burst, seed),
};
const hanging = { ...image, perSecond: 4, wait: erlang(2), hangingShare: 0.02 };
export const D: Workload = {
  ...steady(
    'D',
    'fast, slow and stuck',
    20,
    [
      { ...hanging, run: logNormal(4, 0.5) },
      { ...hanging, run: logNormal(30, 0.5) },
    ],
    1_200,
  ),
  givesUpAfter: 900,
};
const audio = { perSecond: 2, wait: erlang(3), prior: priors.audio };
export const AU = steady(
  'AU',
  'audio',
  20,
  [
    { ...audio, run: logNormal(30, 0.5) },
    { ...audio, run: logNormal(60, 0.5) },
  ],
  600,
);
const video = { wait: erlang(15, 2), prior: priors.video, watchedShare: 0.2 };
export const E = steady(
  'E',
  'video with an off-peak tail',
  50,
  [
    { ...video, perSecond: 3, run: logNormal(90, 0.4) },
    { ...video, perSecond: 1.6, run: logNormal(300, 0.4) },
    {
      perSecond: 0.4,
      wait: (random) => Math.min(random.logNormal(10_800, 1), 172_000),
      run: logNormal(90, 0.4),
      prior: priors.offPeak,
      weight: 0.05,
      presentFor: 48 * 3_600,
    },
  ],
  1_800,
);

export const workloads = [A, B400, B1000, B3000, B1000w, Bfifo, C, C2, D, AU, E];
