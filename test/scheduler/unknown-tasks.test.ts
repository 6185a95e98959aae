import { expect, test } from 'vitest';
import { createUnknownTasks } from '../../src/scheduler/unknown-tasks.ts';

const begun = Date.UTC(2026, 0, 15, 12);
const at = (seconds: number): number => begun + seconds * 1_000;

/** A task that was submitted at that second, known upstream. */
const task = (id: string, submittedAt: number, wasGivenUp = false) => ({
  id,
  submittedAt: new Date(at(submittedAt)),
  wasGivenUp,
});

/** Polls it every 40 s, as the scheduler does, and answers after how many seconds it is believed to be gone; null: not by `until`. */
function believedAfter(
  unknown: ReturnType<typeof createUnknownTasks>,
  ids: readonly string[],
  until: number,
  meanwhile: (second: number) => void = () => {},
): number | null {
  for (let second = 0; second <= until; second += 40) {
    const believed = ids.map((id) => unknown.unknown(id, at(second)));
    if (believed.includes(true)) return second;
    meanwhile(second);
  }
  return null;
}

test('one that is unknown while an older one is known is believed two minutes after that', () => {
  const unknown = createUnknownTasks();
  const second = believedAfter(unknown, ['gone'], 3_600, (now) => unknown.known(task('other', -60), at(now + 1)));
  expect(second).toBe(160);
  expect(unknown.trouble).toBeNull();
});

test('several that are unknown while an older one is known are believed, each after its own answers', () => {
  const unknown = createUnknownTasks();
  unknown.unknown('a', at(0));
  unknown.unknown('b', at(0));
  unknown.known(task('other', -60), at(1));
  expect(unknown.trouble).toBeNull();
  for (const second of [40, 80]) {
    expect(unknown.unknown('a', at(second))).toBe(false);
    expect(unknown.unknown('b', at(second))).toBe(false);
  }
  expect(unknown.unknown('a', at(121))).toBe(true);
  expect(unknown.unknown('b', at(120))).toBe(false);
});

test('two or more of which none is known are the account’s trouble, for however long', () => {
  const unknown = createUnknownTasks();
  expect(believedAfter(unknown, ['a', 'b'], 24 * 3_600)).toBeNull();
  expect(unknown.size).toBe(2);
  expect(unknown.trouble).toContain('none of 2 running tasks');
});

test('the only one that is unknown, with nothing known beside it, is believed after 15 minutes', () => {
  expect(believedAfter(createUnknownTasks(), ['alone'], 3_600)).toBe(920);
});

test('younger tasks that are known are weak evidence: the wrong book knows what was sent to it', () => {
  const unknown = createUnknownTasks();
  const younger = (now: number): void => void unknown.known(task(`made at ${now}`, now), at(now + 1));
  const second = believedAfter(unknown, ['a', 'b'], 3_600, younger);
  // From the first of them on.
  expect(second).toBe(920);
});

test('one that is known again shows that the word was wrong: the others are counted anew', () => {
  const unknown = createUnknownTasks();
  for (const second of [0, 40, 80, 120, 150]) for (const id of ['a', 'b', 'c']) unknown.unknown(id, at(second));
  expect(unknown.known(task('b', -60), at(151)).toSorted()).toEqual(['a', 'c']);
  expect(unknown.trouble).toBeNull();
  // An answer of before that comes late is the first of three.
  expect(unknown.unknown('a', at(152))).toBe(false);
});

test('so does one that was given up for it', () => {
  const unknown = createUnknownTasks();
  unknown.unknown('a', at(0));
  expect(unknown.known(task('given up', -60, true), at(1))).toEqual(['a']);
  expect(unknown.size).toBe(0);
});

test('half of the answers from a wrong book end nothing', () => {
  const unknown = createUnknownTasks();
  let seed = 7;
  const isWrong = (): boolean => (seed = (seed * 16_807) % 2_147_483_647) % 2 === 0;
  for (let second = 0; second < 3_600; second += 10) {
    for (const id of ['a', 'b', 'c', 'd']) {
      if (isWrong()) expect(unknown.unknown(id, at(second))).toBe(false);
      else unknown.known(task(id, -60), at(second));
    }
  }
});

test('one that has ended otherwise is forgotten', () => {
  const unknown = createUnknownTasks();
  for (const id of ['a', 'b']) unknown.unknown(id, at(0));
  unknown.forget('a');
  expect(unknown.size).toBe(1);
  expect(unknown.trouble).toBeNull();
});
