import { expect, test } from 'vitest';
import { createTurns, type Turns } from '../../src/webhooks/turns.ts';
import { createManualClock } from '../support/manual-clock.ts';

/** Stands in line, and tells when its turn has begun. */
function standIn(turns: Turns, host: string, owner = 'ada') {
  const turn = turns.take({ host, owner });
  if ('waitMs' in turn) throw new Error(`There was no place, for ${turn.waitMs} ms.`);
  const place = { hasBegun: false, end: () => turn.end(true), leave: () => turn.end(false) };
  void turn.begun.then(() => (place.hasBegun = true));
  return place;
}

const settle = () => new Promise(setImmediate);

async function begunOf(places: readonly { hasBegun: boolean }[]): Promise<number> {
  await settle();
  return places.filter(({ hasBegun }) => hasBegun).length;
}

const times = <Thing>(count: number, make: (number: number) => Thing): Thing[] =>
  Array.from({ length: count }, (_, number) => make(number));

test('a host has four tries at once, and the next in line begins when one of them is over', async () => {
  const turns = createTurns(createManualClock());
  const places = times(6, () => standIn(turns, 'a.example'));
  expect(await begunOf(places)).toBe(4);
  expect(await begunOf([standIn(turns, 'b.example')])).toBe(1);
  places[0]?.end();
  expect(await begunOf(places)).toBe(5);
  expect(places.at(-1)?.hasBegun).toBe(false);
});

test('a slow host has one at a time, and is trusted again once it was quick', async () => {
  const clock = createManualClock();
  const turns = createTurns(clock);
  const first = standIn(turns, 'slow.example');
  await clock.advance(15_000);
  first.end();

  const places = times(2, () => standIn(turns, 'slow.example'));
  expect(await begunOf(places)).toBe(1);
  await clock.advance(100);
  places[0]?.end();
  places.push(...times(4, () => standIn(turns, 'slow.example')));
  expect(await begunOf(places)).toBe(5);
});

test('what was not tried after all says nothing about a host’s speed', async () => {
  const clock = createManualClock();
  const turns = createTurns(clock);
  const first = standIn(turns, 'slow.example');
  await clock.advance(15_000);
  first.end();
  standIn(turns, 'slow.example').leave();
  expect(await begunOf(times(2, () => standIn(turns, 'slow.example')))).toBe(1);
});

test('those for whom the line is too long come back one after the other, as fast as the host took its last', async () => {
  const clock = createManualClock();
  const turns = createTurns(clock);
  const first = standIn(turns, 'slow.example');
  await clock.advance(15_000);
  first.end();
  times(3, () => standIn(turns, 'slow.example'));
  const waits = times(3, () => turns.take({ host: 'slow.example', owner: 'ada' })).map((turn) =>
    'waitMs' in turn ? turn.waitMs : null,
  );
  expect(waits).toEqual([45_000, 60_000, 75_000]);
});

test('an owner has sixteen at once, however many hosts it names, and leaves room for others', async () => {
  const turns = createTurns(createManualClock());
  const places = times(17, (number) => standIn(turns, `${number}.example`));
  expect(await begunOf(places)).toBe(16);
  expect(await begunOf([standIn(turns, '16.example', 'grace')])).toBe(1);
  places[0]?.end();
  expect(await begunOf(places)).toBe(17);
});

test('all together have sixty-four, and hosts take turns', async () => {
  const turns = createTurns(createManualClock());
  const places = times(66, (number) => standIn(turns, `${number}.example`, String(number)));
  expect(await begunOf(places)).toBe(64);
  for (const place of places.slice(0, 2)) place.end();
  expect(await begunOf(places)).toBe(66);
});

test('nobody is left in line when it closes', async () => {
  const turns = createTurns(createManualClock());
  const places = times(20, () => standIn(turns, 'a.example'));
  turns.close();
  expect(await begunOf(places)).toBe(20);
});
