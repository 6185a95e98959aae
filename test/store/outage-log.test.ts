import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createOutageLog } from '../../src/store/outage-log.ts';
import { createManualClock } from '../support/manual-clock.ts';

function open() {
  const clock = createManualClock();
  const lines: string[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const told = () => lines.splice(0).map((line): unknown => JSON.parse(line));
  return { clock, told, outages: createOutageLog(logger, clock) };
}

const lost = () => new Error('Connection terminated unexpectedly');
const began = { level: 50, error: 'Connection terminated unexpectedly', msg: /^The database does not answer/ };

test('an outage is told when it begins, and when it is over', async () => {
  const { clock, told, outages } = open();
  for (let time = 0; time < 100; time += 1) {
    outages.failed(lost());
    outages.refused();
  }
  expect(told()).toMatchObject([{ ...began, msg: expect.stringMatching(began.msg) }]);
  await clock.advance(60_000);
  outages.failed(lost());
  await clock.advance(5_000);
  outages.answered();
  outages.answered();
  expect(told()).toMatchObject([{ level: 40, seconds: 60, refused: 100, msg: 'The database answers again.' }]);
});

test('an outage in which some statements still work is one', async () => {
  const { clock, told, outages } = open();
  for (let time = 0; time < 100; time += 1) {
    outages.failed(lost());
    await clock.advance(1_000);
    outages.answered();
  }
  expect(told()).toHaveLength(1);
});

test('mistakes in statements and data are no outage', () => {
  const { told, outages } = open();
  outages.failed(new TypeError('x is not a function'));
  outages.answered();
  outages.refused();
  expect(told()).toEqual([]);
});

test('whatever keeps a connection from being made is one', () => {
  const { told, outages } = open();
  outages.unreachable(new Error('password authentication failed'));
  expect(told()).toMatchObject([{ level: 50, error: 'password authentication failed' }]);
});
