import type { Lane } from '../domain/task/webhook.ts';
import { laneKey } from './slow-lanes.ts';

/** `slow`: those of slow lanes among them. */
export type Count = { all: number; slow: number };

export type RunningTries = {
  total: Count;
  ofOwner(owner: string): Count;
  ofOwnerAtHost(owner: string, host: string): Count;
  /** Tries in their first second only: one that hangs keeps no place at its host. */
  youngAtHost(host: string): Count;
  youngOfOwnerAtHost(owner: string, host: string): Count;
  ofLane(lane: Lane): Count;
};

export type RunningTry = { lane: Lane; isYoung: boolean; isSlow: boolean };

/** There are so few that each decision counts them anew: no counter can go wrong. */
export function countTries(tries: Iterable<RunningTry>): RunningTries {
  const counts = new Map<string, Count>();
  const find = (name: string): Count => counts.get(name) ?? none;

  function add(name: string, isSlow: boolean): void {
    const count = counts.get(name) ?? { ...none };
    counts.set(name, count);
    count.all += 1;
    if (isSlow) count.slow += 1;
  }

  for (const { lane, isYoung, isSlow } of tries) {
    for (const name of namesOf(lane)) {
      add(name, isSlow);
      if (isYoung) add(`young ${name}`, isSlow);
    }
  }

  return {
    total: find('all'),
    ofOwner: (owner) => find(nameOf.owner(owner)),
    ofOwnerAtHost: (owner, host) => find(nameOf.ownerAtHost(owner, host)),
    youngAtHost: (host) => find(`young ${nameOf.host(host)}`),
    youngOfOwnerAtHost: (owner, host) => find(`young ${nameOf.ownerAtHost(owner, host)}`),
    ofLane: (lane) => find(nameOf.lane(lane)),
  };
}

const none: Count = { all: 0, slow: 0 };

/** No host has a space in it. */
const nameOf = {
  owner: (owner: string): string => `owner ${owner}`,
  host: (host: string): string => `host ${host}`,
  ownerAtHost: (owner: string, host: string): string => `host ${host} owner ${owner}`,
  lane: (lane: Lane): string => `receiver ${laneKey(lane)}`,
};

function namesOf(lane: Lane): string[] {
  const { owner, host } = lane;
  return ['all', nameOf.owner(owner), nameOf.host(host), nameOf.ownerAtHost(owner, host), nameOf.lane(lane)];
}
