import type { Clock } from '../clock.ts';
import type { Lane } from '../domain/webhook.ts';

export type ReceiverLine = {
  /** Something may be due in a lane: it stands in line, once. */
  enter(lane: Lane): void;
  /** Takes the first lane out of the line that has room for a try; null when none has. */
  next(): Lane | null;
  /** Takes a place for a try, until what is answered is called, with whether the host was asked at all. */
  begin(lane: Lane): (wasAsked: boolean) => void;
};

type Host = { name: string; inFlight: number; lastMs: number };

const limits = { all: 64, perOwner: 16, perHost: 4, ofSlowHost: 1 };
const slowMs = 5_000;
const rememberedHosts = 1_000;

/**
 * Keeps one receiver from holding up the others: each host has few tries at once, and a slow one only one; each owner has
 * a part of the whole, whatever number of hosts it names. Lanes stand in line, not deliveries: however many of these wait
 * in one lane, another lane comes after one of them.
 */
export function createReceiverLine(clock: Clock): ReceiverLine {
  const line = new Map<string, Lane>();
  const hosts = new Map<string, Host>();
  const owners = new Map<string, number>();
  let inFlight = 0;

  function hasRoom({ owner, host }: Lane): boolean {
    return (owners.get(owner) ?? 0) < limits.perOwner && hasRoomAt(hosts.get(host));
  }

  function count(host: Host, owner: string, change: 1 | -1): void {
    host.inFlight += change;
    inFlight += change;
    const ofOwner = (owners.get(owner) ?? 0) + change;
    if (ofOwner === 0) owners.delete(owner);
    else owners.set(owner, ofOwner);
  }

  /** Only a slow host is remembered while nothing is sent there. */
  function forgetIdle(host: Host): void {
    if (isIdle(host) && host.lastMs <= slowMs) hosts.delete(host.name);
    if (hosts.size <= rememberedHosts) return;
    const idle = [...hosts.values()].find(isIdle);
    if (idle !== undefined) hosts.delete(idle.name);
  }

  return {
    enter(lane) {
      // No host has a space in it.
      const key = `${lane.host} ${lane.owner}`;
      if (!line.has(key)) line.set(key, lane);
    },
    next() {
      if (inFlight >= limits.all) return null;
      for (const [key, lane] of line) {
        if (!hasRoom(lane)) continue;
        line.delete(key);
        return lane;
      }
      return null;
    },
    begin({ owner, host: name }) {
      const host = hosts.get(name) ?? { name, inFlight: 0, lastMs: 0 };
      hosts.set(name, host);
      count(host, owner, 1);
      const startedAt = clock.monotonic();
      return (wasAsked) => {
        count(host, owner, -1);
        if (wasAsked) host.lastMs = clock.monotonic() - startedAt;
        forgetIdle(host);
      };
    },
  };
}

function hasRoomAt(host: Host | undefined): boolean {
  if (host === undefined) return true;
  return host.inFlight < (host.lastMs > slowMs ? limits.ofSlowHost : limits.perHost);
}

function isIdle({ inFlight }: Host): boolean {
  return inFlight === 0;
}
