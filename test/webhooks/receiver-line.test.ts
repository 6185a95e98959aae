import { expect, test } from 'vitest';
import type { Lane } from '../../src/domain/webhook.ts';
import { createReceiverLine, type ReceiverLine } from '../../src/webhooks/receiver-line.ts';
import { createManualClock } from '../support/manual-clock.ts';

const laneOf = (host: string, owner = 'ada'): Lane => ({ host, owner });

/** Lanes stand in line, each with much to tell. Begins whatever may begin, and answers what ends each try. */
function fill(line: ReceiverLine, ...lanes: Lane[]): ((wasAsked: boolean) => void)[] {
  for (const lane of lanes) line.enter(lane);
  const begun = [];
  for (let lane = line.next(); lane !== null; lane = line.next()) {
    begun.push(line.begin(lane));
    line.enter(lane);
  }
  return begun;
}

const times = <Thing>(count: number, make: (number: number) => Thing): Thing[] =>
  Array.from({ length: count }, (_, number) => make(number));

test('a host has four tries at once, and the next one begins when one of them is over', () => {
  const line = createReceiverLine(createManualClock());
  const begun = fill(line, laneOf('a.example'));
  expect(begun).toHaveLength(4);
  expect(fill(line, laneOf('b.example'))).toHaveLength(4);
  begun[0]?.(true);
  expect(fill(line)).toHaveLength(1);
});

test('a slow host has one at a time, and is trusted again once it was quick', async () => {
  const clock = createManualClock();
  const line = createReceiverLine(clock);
  line.enter(laneOf('slow.example'));
  const end = line.begin(line.next() ?? laneOf(''));
  await clock.advance(15_000);
  end(true);

  const begun = fill(line, laneOf('slow.example'));
  expect(begun).toHaveLength(1);
  await clock.advance(100);
  begun[0]?.(true);
  expect(fill(line)).toHaveLength(4);
});

test('what was not sent after all says nothing about a host’s speed', async () => {
  const clock = createManualClock();
  const line = createReceiverLine(clock);
  const end = line.begin(laneOf('slow.example'));
  await clock.advance(15_000);
  end(true);
  line.begin(laneOf('slow.example'))(false);
  expect(fill(line, laneOf('slow.example'))).toHaveLength(1);
});

test('owners that tell the same host share its tries', () => {
  const line = createReceiverLine(createManualClock());
  expect(fill(line, laneOf('a.example'), laneOf('a.example', 'grace'))).toHaveLength(4);
  for (const lane of [laneOf('b.example'), laneOf('b.example', 'grace')]) line.enter(lane);
  const order = times(2, () => {
    const lane = line.next();
    if (lane !== null) line.begin(lane);
    return lane?.owner;
  });
  expect(order).toEqual(['ada', 'grace']);
});

test('an owner has sixteen at once, however many hosts it names, and leaves room for others', () => {
  const line = createReceiverLine(createManualClock());
  const begun = fill(line, ...times(17, (number) => laneOf(`${number}.example`)));
  expect(begun).toHaveLength(16);
  expect(fill(line, laneOf('16.example', 'grace'))).toHaveLength(4);
  begun[0]?.(true);
  expect(fill(line)).toHaveLength(1);
});

test('all together have sixty-four, and lanes take turns', () => {
  const line = createReceiverLine(createManualClock());
  const lanes = times(40, (number) => laneOf(`${number}.example`, String(number)));
  for (const lane of lanes) line.enter(lane);
  const served: string[] = [];
  for (let lane = line.next(); lane !== null; lane = line.next()) {
    line.begin(lane);
    line.enter(lane);
    served.push(lane.host);
  }
  const hosts = lanes.map(({ host }) => host);
  expect(served).toEqual([...hosts, ...hosts.slice(0, 24)]);
});

test('a lane stands in line once, where it stood first', () => {
  const line = createReceiverLine(createManualClock());
  for (const host of ['a.example', 'b.example', 'a.example']) line.enter(laneOf(host));
  expect(times(3, () => line.next()?.host)).toEqual(['a.example', 'b.example', undefined]);
});
