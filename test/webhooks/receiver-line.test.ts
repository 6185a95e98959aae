import { describe, expect, test } from 'vitest';
import type { Lane } from '../../src/domain/task/webhook.ts';
import { maxLanesPerOwner } from '../../src/webhooks/lane-queue.ts';
import { createReceiverLine, type Places, type ReceiverLine } from '../../src/webhooks/receiver-line.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';

/** Each path of a host is a receiver. */
const laneOf = (host: string, owner = 'ada', path = '/'): Lane => ({ owner, host, receiver: `${host}${path}` });

type Begun = Places & { lane: Lane };

/** Lanes stand in line, each with much to tell. Begins whatever may begin. */
function fill(line: ReceiverLine, ...lanes: Lane[]): Begun[] {
  for (const lane of lanes) line.enter(lane);
  const begun: Begun[] = [];
  for (let lane = line.next(); lane !== null; lane = line.next()) {
    begun.push({ ...line.begin(lane), lane });
    line.enter(lane);
  }
  return begun;
}

const times = <Thing>(count: number, make: (number: number) => Thing): Thing[] =>
  Array.from({ length: count }, (_, number) => make(number));

/** How many tries began for each name. */
function countBy(begun: readonly Begun[], nameOf: (lane: Lane) => string): Record<string, number> {
  const groups = Map.groupBy(begun, ({ lane }) => nameOf(lane));
  return Object.fromEntries([...groups].map(([name, tries]) => [name, tries.length]));
}

const ownerOf = ({ owner }: Lane): string => owner;
const receiverOf = ({ receiver }: Lane): string => receiver;

/** All lanes hang for as long as it takes to tell that they are slow; their tries then end. */
async function turnSlow(line: ReceiverLine, clock: ManualClock, lanes: readonly Lane[]): Promise<void> {
  for (const lane of lanes) line.enter(lane);
  const begun: Places[] = [];
  for (let lane = line.next(); lane !== null; lane = line.next()) {
    const places = line.begin(lane);
    places.leaveHost();
    begun.push(places);
  }
  await clock.advance(15_000);
  for (const { leave } of begun) leave(true);
}

describe('a lane', () => {
  test('has four tries at once, and the next one begins when one of them is over', () => {
    const line = createReceiverLine(createManualClock());
    const begun = fill(line, laneOf('a.example'));
    expect(begun).toHaveLength(4);
    begun[0]?.leave(true);
    expect(fill(line)).toHaveLength(1);
  });

  test('that is slow has one at a time, and is trusted again once it was quick', async () => {
    const clock = createManualClock();
    const line = createReceiverLine(clock);
    await turnSlow(line, clock, [laneOf('slow.example')]);

    const begun = fill(line, laneOf('slow.example'));
    expect(begun).toHaveLength(1);
    await clock.advance(100);
    begun[0]?.leave(true);
    expect(fill(line)).toHaveLength(4);
  });

  test('is slow before the first try that hangs is over', async () => {
    const clock = createManualClock();
    const line = createReceiverLine(clock);
    const [first] = fill(line, laneOf('slow.example'));
    await clock.advance(5_001);
    first?.leave(false);
    expect(fill(line)).toHaveLength(0);
  });

  test('says nothing about its speed by what was not sent after all', async () => {
    const clock = createManualClock();
    const line = createReceiverLine(clock);
    await turnSlow(line, clock, [laneOf('slow.example')]);
    line.begin(laneOf('slow.example')).leave(false);
    expect(fill(line, laneOf('slow.example'))).toHaveLength(1);
  });

  test('stands in line once, where it stood first', () => {
    const line = createReceiverLine(createManualClock());
    for (const host of ['a.example', 'b.example', 'a.example']) line.enter(laneOf(host));
    expect(times(3, () => line.next()?.host)).toEqual(['a.example', 'b.example', undefined]);
  });
});

describe('while a receiver hangs', () => {
  test('another owner and another path have room at its host', () => {
    const line = createReceiverLine(createManualClock());
    fill(line, laneOf('a.example', 'ada', '/hangs'));
    const others = fill(line, laneOf('a.example', 'ada', '/other'), laneOf('a.example', 'grace'));
    expect(countBy(others, receiverOf)).toMatchObject({ 'a.example/other': 2, 'a.example/': 3 });
  });

  test('and a hundred other paths of its owner, each other owner has room at its host within a second', () => {
    const line = createReceiverLine(createManualClock());
    const hanging = times(100, (number) => laneOf('a.example', 'mallory', `/${number}`));
    const begun = fill(line, ...hanging);
    expect(fill(line, laneOf('a.example', 'ada')).length).toBeGreaterThan(0);
    for (const { leaveHost } of begun) leaveHost();
    // In the second after that mallory has only what is left of its own places.
    expect(countBy(fill(line), ownerOf)).toMatchObject({ mallory: 2 });
    expect(fill(line, laneOf('a.example', 'grace')).length).toBeGreaterThan(0);
  });

  test('other paths that were slow too leave room for one that was not', async () => {
    const clock = createManualClock();
    const line = createReceiverLine(clock);
    const hanging = times(100, (number) => laneOf('a.example', 'mallory', `/${number}`));
    for (let round = 0; round < 30; round += 1) await turnSlow(line, clock, hanging);
    for (const { leaveHost } of fill(line, ...hanging)) leaveHost();
    expect(fill(line, laneOf('a.example', 'mallory', '/good')).length).toBeGreaterThan(0);
  });

  test('so do the receivers of forty other owners, an owner that comes next is tried at once', async () => {
    const clock = createManualClock();
    const line = createReceiverLine(clock);
    const hanging = times(40, (number) => laneOf('a.example', `owner ${number}`));
    for (let round = 0; round < 40; round += 1) await turnSlow(line, clock, hanging);
    // Slow ones begin in turns, as those before them leave the host.
    const begun: Begun[] = [];
    for (let second = 0; second < 10; second += 1) {
      const some = fill(line, ...hanging);
      for (const { leaveHost } of some) leaveHost();
      begun.push(...some);
    }
    expect(new Set(begun.map(({ lane }) => lane.owner)).size).toBe(40);
    expect(fill(line, laneOf('a.example', 'ada'))).toHaveLength(4);
    expect(fill(line, laneOf('b.example', 'grace'))).toHaveLength(4);
  });
});

describe('an owner', () => {
  test('has sixteen at once, however many hosts it names, and leaves room for others', () => {
    const line = createReceiverLine(createManualClock());
    const begun = fill(line, ...times(17, (number) => laneOf(`${number}.example`)));
    expect(begun).toHaveLength(16);
    expect(fill(line, laneOf('16.example', 'grace'))).toHaveLength(4);
    begun[0]?.leave(true);
    expect(fill(line)).toHaveLength(1);
  });

  test('has no more at one host than it keeps for its others', () => {
    const line = createReceiverLine(createManualClock());
    let atOne = 0;
    for (let second = 0; second < 5; second += 1) {
      const begun = fill(line, ...times(50, (number) => laneOf('a.example', 'ada', `/${number}`)));
      for (const { leaveHost } of begun) leaveHost();
      atOne += begun.length;
    }
    expect(atOne).toBe(8);
    expect(fill(line, laneOf('b.example'))).toHaveLength(4);
  });

  test('comes after one try of each other owner at a host, however many paths and deliveries the others have', () => {
    const line = createReceiverLine(createManualClock());
    const lanes = times(100, (number) =>
      times(10, (path) => laneOf('a.example', `owner ${number}`, `/${path}`)),
    ).flat();
    for (const lane of lanes) line.enter(lane);
    const served: string[] = [];
    while (served.length < 200) {
      const lane = line.next();
      if (lane === null) break;
      const { leave } = line.begin(lane);
      served.push(lane.owner);
      leave(true);
      line.enter(lane);
    }
    const everyone = times(100, (number) => `owner ${number}`);
    expect(served).toEqual([...everyone, ...everyone]);
  });

  test('tells its hosts in turns, and the paths of each', () => {
    const line = createReceiverLine(createManualClock());
    const lanes = [laneOf('a.example', 'ada', '/1'), laneOf('a.example', 'ada', '/2'), laneOf('b.example')];
    for (const lane of lanes) line.enter(lane);
    expect(times(3, () => line.next()?.receiver)).toEqual(['a.example/1', 'b.example/', 'a.example/2']);
  });

  test('keeps a thousand lanes in line, so that what waits is bounded', () => {
    const line = createReceiverLine(createManualClock());
    for (const lane of times(maxLanesPerOwner + 1, (number) => laneOf(`${number}.example`))) line.enter(lane);
    const taken = times(maxLanesPerOwner + 1, () => line.next());
    expect(taken.filter((lane) => lane !== null)).toHaveLength(maxLanesPerOwner);
    line.enter(laneOf('again.example'));
    expect(line.next()?.host).toBe('again.example');
  });
});

test('all together have 128 at once, and owners take turns', () => {
  const line = createReceiverLine(createManualClock());
  const lanes = times(200, (number) => laneOf(`${number}.example`, `owner ${number}`));
  const begun = fill(line, ...lanes);
  expect(begun.map(({ lane }) => lane)).toEqual(lanes.slice(0, 128));
});

test('a host that many owners tell has twelve that are young', () => {
  const line = createReceiverLine(createManualClock());
  const begun = fill(line, ...times(100, (number) => laneOf('a.example', `owner ${number}`)));
  expect(begun).toHaveLength(12);
  for (const { leaveHost } of begun) leaveHost();
  expect(fill(line)).toHaveLength(12);
});
