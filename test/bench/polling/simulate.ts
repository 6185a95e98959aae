import { createPacer } from '../../../src/scheduler/pacer.ts';
import { seededRandom } from '../../../src/kit/seeded-random.ts';
import { createVirtualTime } from './virtual-time.ts';
import type { Arrival, Workload } from './workloads.ts';

export type Status = 'WAIT' | 'RUN' | 'ended';

/** One way of asking. Times in seconds; a task that was named by `next` comes back by `answered` or `refused`. */
export type Strategy = {
  follow(arrival: Arrival, now: number): void;
  next(now: number): { id: string } | { at: number } | null;
  answered(arrival: Arrival, status: Status, sentAt: number, now: number): void;
  refused(arrival: Arrival, now: number): void;
  /** The gateway gives it up. */
  drop(arrival: Arrival): void;
  /** Once a second: who is watched. */
  watch?(ids: ReadonlySet<string>): void;
};

export type SimulationOptions = {
  seed: number;
  strategy: Strategy;
  /** false: calls are made whenever the strategy names a task, whatever the limit. */
  paced: boolean;
  /** Calls a second that somebody else makes meanwhile. */
  foreign?: { from: number; to: number; perSecond: number };
};

export type Found = { arrival: Arrival; delay: number };
export type Result = {
  found: Found[];
  calls: number;
  /** Of those since the first measured task, by owner. */
  callsFor: Map<string, number>;
  refused: number;
  /** The same while somebody else was spending. */
  meanwhile: { calls: number; refused: number };
};

const roundTrip = { mean: 0.08, sigma: 0.3 };

/** Plays a workload on a virtual clock against a limiter of fixed one-second windows. */
export async function simulate(workload: Workload, options: SimulationOptions): Promise<Result> {
  const { strategy, seed, paced } = options;
  const time = createVirtualTime();
  const pacer = createPacer(workload.limit, time);
  const random = seededRandom('round trips', seed);
  const flying = new Map<string, Arrival>();
  const result: Result = { found: [], calls: 0, callsFor: new Map(), refused: 0, meanwhile: { calls: 0, refused: 0 } };
  const never = new AbortController().signal;
  const arrivals = workload.arrivals(seed)[Symbol.iterator]();
  const window = { second: 0, used: 0 };
  let [sourceIsDry, openMeasured, sawMeasured, lastMeasuredAt] = [false, 0, false, 0];
  let over = false;

  function arrive(): void {
    const { value, done } = arrivals.next();
    if (done) {
      sourceIsDry = true;
      return;
    }
    time.at(Math.max(0, value.at), () => {
      flying.set(value.id, value);
      if (value.measured) {
        openMeasured += 1;
        sawMeasured = true;
        lastMeasuredAt = time.seconds();
      }
      strategy.follow(value, time.seconds());
      const { givesUpAfter } = workload;
      if (givesUpAfter !== undefined) time.at(value.at + givesUpAfter, () => drop(value));
      arrive();
    });
  }

  function drop(arrival: Arrival): void {
    if (!flying.delete(arrival.id)) return;
    strategy.drop(arrival);
    // It ended in time but wasn't seen: it counts with what it has waited by now.
    if (arrival.measured) note(arrival);
  }

  function note(arrival: Arrival): void {
    openMeasured -= 1;
    result.found.push({ arrival, delay: time.seconds() - arrival.endsAt });
  }

  function admitted(): boolean {
    const second = Math.floor(time.seconds());
    if (second !== window.second) [window.second, window.used] = [second, 0];
    if (window.used >= workload.limit) return false;
    window.used += 1;
    return true;
  }

  function call(id: string): void {
    const arrival = flying.get(id);
    if (arrival === undefined) return;
    const sentAt = time.seconds();
    const trip = random.logNormal(roundTrip.mean * Math.exp(-(roundTrip.sigma ** 2) / 2), roundTrip.sigma);
    const shared = options.foreign !== undefined && sentAt >= options.foreign.from && sentAt < options.foreign.to;
    result.calls += 1;
    if (sawMeasured) result.callsFor.set(arrival.owner, (result.callsFor.get(arrival.owner) ?? 0) + 1);
    if (shared) result.meanwhile.calls += 1;
    time.at(sentAt + trip / 2, () => {
      const status = admitted() ? statusOf(arrival, time.seconds()) : null;
      if (status === null) {
        result.refused += 1;
        if (shared) result.meanwhile.refused += 1;
      }
      time.at(sentAt + trip, () => hear(arrival, status, sentAt));
    });
  }

  function hear(arrival: Arrival, status: Status | null, sentAt: number): void {
    if (status === null && paced) pacer.refused();
    if (!flying.has(arrival.id)) return;
    if (status === null) return strategy.refused(arrival, time.seconds());
    if (status === 'ended') {
      flying.delete(arrival.id);
      if (arrival.measured) note(arrival);
    }
    strategy.answered(arrival, status, sentAt, time.seconds());
  }

  async function ask(): Promise<void> {
    while (!over) {
      if (paced) await pacer.take(never);
      for (;;) {
        const choice = strategy.next(time.seconds());
        if (choice !== null && 'id' in choice) {
          call(choice.id);
          break;
        }
        const wakeAt = Math.min(choice?.at ?? Number.POSITIVE_INFINITY, time.seconds() + 0.05);
        await time.sleep(Math.max(0.001, wakeAt - time.seconds()) * 1_000);
        if (over) return;
      }
    }
  }

  function spendElsewhere({ from, to, perSecond }: { from: number; to: number; perSecond: number }): void {
    const spend = (): void => {
      admitted();
      if (time.seconds() < to) time.at(time.seconds() + 1 / perSecond, spend);
    };
    time.at(from, spend);
  }

  function tellWatched(): void {
    const ids = [...flying.values()].filter(({ watched }) => watched).map(({ id }) => id);
    strategy.watch?.(new Set(ids));
    time.at(time.seconds() + 1, tellWatched);
  }

  arrive();
  if (options.foreign) spendElsewhere(options.foreign);
  if (strategy.watch) time.at(1, tellWatched);
  void ask();
  const isOver = (): boolean => {
    const seenAll = sourceIsDry ? flying.size === 0 : sawMeasured && openMeasured === 0;
    const past = time.seconds() > lastMeasuredAt + 60 || sourceIsDry;
    return seenAll && past;
  };
  await time.run(isOver);
  over = true;
  return result;
}

function statusOf({ startsAt, endsAt }: Arrival, at: number): Status {
  if (at >= endsAt) return 'ended';
  return at >= startsAt ? 'RUN' : 'WAIT';
}
