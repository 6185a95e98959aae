import type { Clock } from '../clock.ts';

/**
 * A place in line, which from `begun` on is a place at the receiver's, until `end`, which says whether it was tried.
 * Without one: in how many milliseconds to come again.
 */
export type Turn = { begun: Promise<void>; end(wasTried: boolean): void } | { waitMs: number };

export type Turns = {
  take(place: { host: string; owner: string }): Turn;
  /** Begins all that wait: there is nothing to wait for any more. */
  close(): void;
};

type Waiting = { owner: string; begin(): void };
type Line = { host: string; inFlight: number; lastMs: number; waiting: Waiting[]; nextAt: number };

const limits = { all: 64, perOwner: 16, perHost: 4, ofSlowHost: 1 };
const slowMs = 5_000;
/** Of a host that has not answered yet. */
const guessedMs = 1_000;
const longestLine = { ms: 20_000, count: 500 };
const longestWaitMs = 600_000;
const rememberedHosts = 1_000;

/**
 * Keeps one receiver from holding up the others: each host has few tries at once, and a slow one only one; each owner has
 * a part of the whole, whatever number of hosts it names. The others stand in line. Where the line is longer than a host
 * seems to take in 20 seconds they are told when to come again, one after the other, as fast as it took its last.
 */
export function createTurns(clock: Clock): Turns {
  const lines = new Map<string, Line>();
  const owners = new Map<string, number>();
  let inFlight = 0;

  function lineOf(host: string): Line {
    const line = lines.get(host) ?? { host, inFlight: 0, lastMs: guessedMs, waiting: [], nextAt: 0 };
    lines.set(host, line);
    return line;
  }

  function count(line: Line, owner: string, change: 1 | -1): void {
    line.inFlight += change;
    inFlight += change;
    const ofOwner = (owners.get(owner) ?? 0) + change;
    if (ofOwner === 0) owners.delete(owner);
    else owners.set(owner, ofOwner);
  }

  const hasRoom = (owner: string): boolean => (owners.get(owner) ?? 0) < limits.perOwner;

  /** Lets in whoever may begin. The line that was served goes last. */
  function admit(): void {
    for (const line of lines.values()) {
      while (line.inFlight < limitOf(line) && inFlight < limits.all) {
        const index = line.waiting.findIndex(({ owner }) => hasRoom(owner));
        const [next] = index < 0 ? [] : line.waiting.splice(index, 1);
        if (next === undefined) break;
        count(line, next.owner, 1);
        lines.delete(line.host);
        lines.set(line.host, line);
        next.begin();
      }
    }
  }

  function end(line: Line, owner: string, tookMs: number | null): void {
    count(line, owner, -1);
    if (tookMs !== null) line.lastMs = tookMs;
    admit();
    forgetIdle(line);
  }

  /** Only a slow host is remembered while nothing is sent there. */
  function forgetIdle(line: Line): void {
    if (isIdle(line) && line.lastMs <= slowMs) lines.delete(line.host);
    if (lines.size <= rememberedHosts) return;
    const idle = [...lines.values()].find(isIdle);
    if (idle !== undefined) lines.delete(idle.host);
  }

  return {
    take({ host, owner }) {
      const line = lineOf(host);
      const spacingMs = line.lastMs / limitOf(line);
      const aheadMs = line.waiting.length * spacingMs;
      if (aheadMs > longestLine.ms || line.waiting.length >= longestLine.count) {
        const now = clock.monotonic();
        line.nextAt = Math.min(Math.max(now + aheadMs, line.nextAt) + spacingMs, now + longestWaitMs);
        return { waitMs: line.nextAt - now };
      }
      let startedAt = 0;
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      const begin = (): void => {
        startedAt = clock.monotonic();
        resolve();
      };
      line.waiting.push({ owner, begin });
      admit();
      return { begun, end: (wasTried) => end(line, owner, wasTried ? clock.monotonic() - startedAt : null) };
    },
    close() {
      for (const line of lines.values()) {
        for (const { owner, begin } of line.waiting.splice(0)) {
          count(line, owner, 1);
          begin();
        }
      }
    },
  };
}

function limitOf({ lastMs }: Line): number {
  return lastMs > slowMs ? limits.ofSlowHost : limits.perHost;
}

function isIdle({ inFlight, waiting }: Line): boolean {
  return inFlight === 0 && waiting.length === 0;
}
