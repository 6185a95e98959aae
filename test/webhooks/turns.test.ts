import { expect, test } from 'vitest';
import type { Lane } from '../../src/domain/webhook.ts';
import { createTurns, type Turns } from '../../src/webhooks/turns.ts';
import { createManualClock } from '../support/manual-clock.ts';

const laneOf = (host: string, owner = 'ada'): Lane => ({ host, owner });

/** Lanes stand in line, each with much to tell. Begins whatever may begin, and answers what ends each try. */
function fill(turns: Turns, ...lanes: Lane[]): ((wasAsked: boolean) => void)[] {
  for (const lane of lanes) turns.enter(lane);
  const begun = [];
  for (let lane = turns.next(); lane !== null; lane = turns.next()) {
    begun.push(turns.begin(lane));
    turns.enter(lane);
  }
  return begun;
}

const times = <Thing>(count: number, make: (number: number) => Thing): Thing[] =>
  Array.from({ length: count }, (_, number) => make(number));

test('a host has four tries at once, and the next one begins when one of them is over', () => {
  const turns = createTurns(createManualClock());
  const begun = fill(turns, laneOf('a.example'));
  expect(begun).toHaveLength(4);
  expect(fill(turns, laneOf('b.example'))).toHaveLength(4);
  begun[0]?.(true);
  expect(fill(turns)).toHaveLength(1);
});

test('a slow host has one at a time, and is trusted again once it was quick', async () => {
  const clock = createManualClock();
  const turns = createTurns(clock);
  turns.enter(laneOf('slow.example'));
  const end = turns.begin(turns.next() ?? laneOf(''));
  await clock.advance(15_000);
  end(true);

  const begun = fill(turns, laneOf('slow.example'));
  expect(begun).toHaveLength(1);
  await clock.advance(100);
  begun[0]?.(true);
  expect(fill(turns)).toHaveLength(4);
});

test('what was not sent after all says nothing about a host’s speed', async () => {
  const clock = createManualClock();
  const turns = createTurns(clock);
  const end = turns.begin(laneOf('slow.example'));
  await clock.advance(15_000);
  end(true);
  turns.begin(laneOf('slow.example'))(false);
  expect(fill(turns, laneOf('slow.example'))).toHaveLength(1);
});

test('owners that tell the same host share its tries', () => {
  const turns = createTurns(createManualClock());
  expect(fill(turns, laneOf('a.example'), laneOf('a.example', 'grace'))).toHaveLength(4);
  for (const lane of [laneOf('b.example'), laneOf('b.example', 'grace')]) turns.enter(lane);
  const order = times(2, () => {
    const lane = turns.next();
    if (lane !== null) turns.begin(lane);
    return lane?.owner;
  });
  expect(order).toEqual(['ada', 'grace']);
});

test('an owner has sixteen at once, however many hosts it names, and leaves room for others', () => {
  const turns = createTurns(createManualClock());
  const begun = fill(turns, ...times(17, (number) => laneOf(`${number}.example`)));
  expect(begun).toHaveLength(16);
  expect(fill(turns, laneOf('16.example', 'grace'))).toHaveLength(4);
  begun[0]?.(true);
  expect(fill(turns)).toHaveLength(1);
});

test('all together have sixty-four, and lanes take turns', () => {
  const turns = createTurns(createManualClock());
  const lanes = times(40, (number) => laneOf(`${number}.example`, String(number)));
  for (const lane of lanes) turns.enter(lane);
  const served: string[] = [];
  for (let lane = turns.next(); lane !== null; lane = turns.next()) {
    turns.begin(lane);
    turns.enter(lane);
    served.push(lane.host);
  }
  const hosts = lanes.map(({ host }) => host);
  expect(served).toEqual([...hosts, ...hosts.slice(0, 24)]);
});

test('a lane stands in line once, where it stood first', () => {
  const turns = createTurns(createManualClock());
  for (const host of ['a.example', 'b.example', 'a.example']) turns.enter(laneOf(host));
  expect(times(3, () => turns.next()?.host)).toEqual(['a.example', 'b.example', undefined]);
});
