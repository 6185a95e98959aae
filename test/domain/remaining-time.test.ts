import { describe, expect, test } from 'vitest';
import {
  createCompletionModel,
  type CompletionModel,
  type Observed,
} from '../../src/domain/learning/completion-model.ts';
import { remainingTime } from '../../src/domain/learning/remaining-time.ts';
import { seededRandom, type Random } from '../../src/kit/seeded-random.ts';

const start = Date.UTC(2026, 0, 15, 12);
const at = (seconds: number): Date => new Date(start + seconds * 1_000);
const sent: Observed = { submittedAt: at(0), lastUnfinishedAt: null, lastWaitAt: null, runStartedAt: null };

type Law = (random: Random) => { wait: number; run: number };
const exponential = (mean: number, random: Random): number => -mean * Math.log(1 - random.fraction());
const laws: [name: string, everySeconds: number, law: Law][] = [
  ['image', 1, (random) => ({ wait: exponential(2, random), run: random.logNormal(8, 0.5) })],
  ['audio', 5, (random) => ({ wait: exponential(10, random), run: random.logNormal(45, 0.5) })],
  [
    'video',
    10,
    (random) => ({
      wait: exponential(20, random) + exponential(20, random) + exponential(20, random),
      run: random.logNormal(90, 0.4),
    }),
  ],
];

type Moment = { seen: Observed; now: number; left: number };

/** Asks after one task every few seconds, unevenly, until it has ended; tells what was known on the way. */
function follow(model: CompletionModel, law: Law, random: Random, everySeconds: number): Moment[] {
  const { wait, run } = law(random);
  const end = wait + run;
  const moments: Moment[] = [{ seen: sent, now: 0, left: end }];
  let seen = sent;
  for (let [before, now] = [0, 0]; ; before = now) {
    now += everySeconds * (0.5 + random.fraction());
    const between = before + (now - before) * random.fraction();
    if (between < end) moments.push({ seen, now: between, left: end - between });
    seen = model.observe(seen, now >= end ? 'ended' : now >= wait ? 'RUN' : 'WAIT', at(now));
    if (now >= end) return moments;
  }
}

function share(moments: readonly (Moment & { bound: number })[]): number {
  return moments.filter(({ left, bound }) => left <= bound).length / moments.length;
}

describe.each(laws)('after fifty %s tasks', (name, everySeconds, law) => {
  const random = seededRandom('calibration', name);
  const told: (Moment & { bound: number; median: number })[] = [];
  for (let round = 0; round < 40; round += 1) {
    const model = createCompletionModel({ wholeSeconds: 60, runSeconds: 40 });
    for (let task = 0; task < 50; task += 1) follow(model, law, random, everySeconds);
    // Nobody learns from those that are foretold: the estimates are of fifty tasks.
    const frozen = { ...model, observe: createCompletionModel({ wholeSeconds: 60, runSeconds: 40 }).observe };
    for (let task = 0; task < 10; task += 1) {
      for (const moment of follow(frozen, law, random, everySeconds)) {
        const { latestSeconds, medianSeconds } = remainingTime(model, moment.seen, at(moment.now));
        told.push({ ...moment, bound: latestSeconds, median: medianSeconds });
      }
    }
  }
  const cases: [string, (moment: Moment) => boolean][] = [
    ['that was just sent', ({ now }) => now === 0],
    ['at any moment', () => true],
    ['that runs', ({ seen }) => seen.runStartedAt !== null],
  ];

  test.each(cases)('nine in ten end before the latest end that is told for one %s', (_, isOne) => {
    const within = share(told.filter(isOne));
    expect(within).toBeGreaterThan(0.85);
    expect(within).toBeLessThan(0.95);
  });

  test('half end before the median', () => {
    const within = share(told.map((moment) => ({ ...moment, bound: moment.median })));
    expect(within).toBeGreaterThan(0.4);
    expect(within).toBeLessThan(0.6);
  });
});

test('one that waits is told to take longer than one of its age that runs', () => {
  const model = createCompletionModel({ wholeSeconds: 12, runSeconds: 8 });
  const random = seededRandom('states');
  const law: Law = (from) => ({ wait: 30, run: from.logNormal(10, 0.3) });
  for (let task = 0; task < 50; task += 1) follow(model, law, random, 2);
  const waits = remainingTime(model, { ...sent, lastUnfinishedAt: at(28), lastWaitAt: at(28) }, at(28));
  const runs = remainingTime(model, { ...sent, lastUnfinishedAt: at(28), runStartedAt: at(20) }, at(28));
  expect(waits.medianSeconds).toBeGreaterThan(runs.medianSeconds + 3);
});

test('one that was not sent is counted from the sending', () => {
  const model = createCompletionModel({ wholeSeconds: 12, runSeconds: 8 });
  expect(remainingTime(model, null, at(500))).toEqual(remainingTime(model, sent, at(0)));
  expect(remainingTime(model, null, at(0)).medianSeconds).toBeCloseTo(12, 0);
});
