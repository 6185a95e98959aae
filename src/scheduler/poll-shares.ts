import TinyQueue from 'tinyqueue';

/** One of those among whom the polls are shared: an owner, or all owners of a tenant. */
export type Sharer = {
  readonly name: string;
  /** Its polls so far. More than `maxLag` fewer than the greatest count are not kept: what was not used is not saved up. */
  polls: number;
  /** It has had less than its share, and goes first. */
  isBehind: boolean;
  /** Of its tasks, those that wait for their next poll. */
  tasks: number;
  polledAt: number;
};

/**
 * Who has had less than a fair share of the polls. Each sharer's polls are counted. One that has 120 polls fewer than the
 * sharer with the most is behind, until it has caught up to within 100: so one that takes less than the others is always
 * behind, those that take more than there is have equal shares, and between sharers that stay within 120 of each other
 * nothing changes. What a sharer leaves, the others take without owing it. A new one begins as one that has waited long.
 */
export type PollShares = {
  /** Made if there is none of that name. */
  find(name: string): Sharer;
  count(sharer: Sharer, now: number): void;
};

const behind = { fromLag: 120, untilLag: 100 };
const maxLag = 140;
/** A sharer without tasks is forgotten then. It may owe others no more than `maxLag` polls. */
const forgottenAfterMs = 60_000;

/** `onTurn` hears of each sharer that falls behind or has caught up. */
export function createPollShares(onTurn: (sharer: Sharer) => void): PollShares {
  const sharers = new Map<string, Sharer>();
  /** Of those that are not behind, with the count that they had; out of date if they have another by now. */
  const counted = new TinyQueue<{ sharer: Sharer; polls: number }>([], (one, other) => one.polls - other.polls);
  let greatest = 0;
  let nextSweepAt = Number.NEGATIVE_INFINITY;

  function turn(sharer: Sharer, isBehind: boolean): void {
    sharer.isBehind = isBehind;
    onTurn(sharer);
  }

  function turnThoseBehind(): void {
    for (let fewest = counted.peek(); fewest !== undefined; fewest = counted.peek()) {
      if (fewest.polls > greatest - behind.fromLag) return;
      counted.pop();
      const { sharer, polls } = fewest;
      if (!sharer.isBehind && sharer.polls === polls) turn(sharer, true);
    }
  }

  function sweep(now: number): void {
    if (now < nextSweepAt) return;
    nextSweepAt = now + forgottenAfterMs;
    for (const [name, { tasks, polledAt }] of sharers) {
      if (tasks === 0 && polledAt < now - forgottenAfterMs) sharers.delete(name);
    }
  }

  return {
    find(name) {
      const known = sharers.get(name);
      if (known !== undefined) return known;
      const polledAt = Number.NEGATIVE_INFINITY;
      const sharer = { name, polls: greatest - maxLag, isBehind: true, tasks: 0, polledAt };
      sharers.set(name, sharer);
      return sharer;
    },

    count(sharer, now) {
      sharer.polls = Math.max(sharer.polls, greatest - maxLag) + 1;
      sharer.polledAt = now;
      greatest = Math.max(greatest, sharer.polls);
      if (sharer.isBehind && sharer.polls > greatest - behind.untilLag) turn(sharer, false);
      if (!sharer.isBehind) counted.push({ sharer, polls: sharer.polls });
      turnThoseBehind();
      sweep(now);
    },
  };
}
