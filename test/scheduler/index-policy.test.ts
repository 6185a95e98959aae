import { describe, expect, test } from 'vitest';
import { createCompletionModel, type Observed } from '../../src/domain/learning/completion-model.ts';
import { createIndexPolicy, type IndexPolicy, type PollableTask } from '../../src/scheduler/index-policy.ts';

const start = Date.UTC(2026, 0, 15, 12);
const ms = (seconds: number): number => start + seconds * 1_000;
const at = (seconds: number): Date => new Date(ms(seconds));
const fast = createCompletionModel({ wholeSeconds: 12, runSeconds: 8 });
const slow = createCompletionModel({ wholeSeconds: 1_200, runSeconds: 800 });

function sighted(submitted: number, more: Partial<Observed> = {}): Observed {
  return { submittedAt: at(submitted), lastUnfinishedAt: null, lastWaitAt: null, runStartedAt: null, ...more };
}
function task(id: string, more: Partial<PollableTask> = {}): PollableTask {
  return { id, shareGroup: 'owner', model: fast, observed: sighted(0), weight: 1, aside: false, ...more };
}
function order(policy: IndexPolicy, now: number, count: number): (string | null)[] {
  return Array.from({ length: count }, () => {
    const choice = policy.next(now);
    return choice !== null && 'id' in choice ? choice.id : null;
  });
}

test('without tasks there is nothing to wait for', () => {
  expect(createIndexPolicy().next(start)).toBeNull();
});

test('names a task once, until it is added again', () => {
  const policy = createIndexPolicy();
  policy.add(task('a'));
  expect(policy.size).toBe(1);
  expect(policy.next(ms(5))).toEqual({ id: 'a' });
  expect(policy.size).toBe(0);
  expect(policy.next(ms(5))).toBeNull();
  policy.add(task('a', { observed: sighted(0, { lastUnfinishedAt: at(5), lastWaitAt: at(5) }) }));
  expect(policy.next(ms(9))).toEqual({ id: 'a' });
});

test('leaves a task alone for a quarter of a second', () => {
  const policy = createIndexPolicy();
  policy.add(task('a'));
  const early = policy.next(ms(0.2));
  expect(early).toHaveProperty('at');
  expect(policy.next(ms(0.26))).toEqual({ id: 'a' });
});

test('asks first where an end is more likely, and among equals after the longest unasked', () => {
  const policy = createIndexPolicy();
  const seen = (seconds: number) => sighted(0, { lastUnfinishedAt: at(seconds), lastWaitAt: at(seconds) });
  policy.add(task('slow', { model: slow, observed: seen(1) }));
  policy.add(task('later', { observed: seen(3) }));
  policy.add(task('latest', { observed: seen(4) }));
  policy.add(task('sooner', { observed: seen(2) }));
  expect(order(policy, ms(10), 4)).toEqual(['sooner', 'later', 'latest', 'slow']);
});

test('a failed call leaves a task its place, from when it is ready', () => {
  const policy = createIndexPolicy();
  policy.add(task('failed', { observed: sighted(0) }), ms(11));
  policy.add(task('other', { observed: sighted(3) }));
  expect(order(policy, ms(10), 2)).toEqual(['other', null]);
  policy.add(task('third', { observed: sighted(5) }));
  expect(order(policy, ms(11), 2)).toEqual(['failed', 'third']);
});

test('says when to look again while all rest', () => {
  const policy = createIndexPolicy();
  policy.add(task('a'), ms(30));
  expect(policy.next(ms(10))).toEqual({ at: ms(30) });
});

describe('who is watched', () => {
  test('comes before others of its age', () => {
    const policy = createIndexPolicy();
    for (const id of ['a', 'b', 'c']) policy.add(task(id, { observed: sighted(id === 'c' ? 2 : 0) }));
    policy.watch(new Set(['c']));
    expect(order(policy, ms(10), 3)[0]).toBe('c');
  });

  test('counts when it is added, too, and no longer once nobody watches', () => {
    const policy = createIndexPolicy();
    policy.watch(new Set(['c']));
    policy.add(task('a'));
    policy.add(task('c', { observed: sighted(2) }));
    policy.watch(new Set());
    expect(order(policy, ms(10), 2)).toEqual(['a', 'c']);
    expect(policy.size).toBe(0);
  });

  test('is still named only once', () => {
    const policy = createIndexPolicy();
    policy.add(task('a'));
    policy.watch(new Set(['a']));
    policy.watch(new Set());
    expect(policy.size).toBe(1);
    expect(order(policy, ms(10), 3)).toEqual(['a', null, null]);
  });
});

test('an off-peak task waits longer for its turn', () => {
  const policy = createIndexPolicy();
  policy.add(task('off-peak', { weight: 0.05 }));
  policy.add(task('usual', { observed: sighted(4) }));
  expect(order(policy, ms(10), 2)).toEqual(['usual', 'off-peak']);
});

/** Plays a full budget of ten a second on one hopeless task among many promising ones. */
function longestUnasked(hopeless: PollableTask): { longest: number; share: number } {
  const policy = createIndexPolicy();
  const promising = (id: string, second: number) =>
    task(id, {
      weight: 1_000,
      observed: sighted(second - 8, { lastUnfinishedAt: at(second), lastWaitAt: at(second) }),
    });
  for (let number = 0; number < 100; number += 1) policy.add(promising(String(number), 0));
  policy.add(hopeless);
  let [lastAsked, longest, asked] = [0, 0, 0];
  const decisions = 20_000;
  for (let turn = 0; turn < decisions; turn += 1) {
    const second = turn / 10;
    const choice = policy.next(ms(second));
    if (choice === null || 'at' in choice) continue;
    if (choice.id !== hopeless.id) policy.add(promising(choice.id, second));
    else {
      longest = Math.max(longest, second - lastAsked);
      lastAsked = second;
      asked += 1;
      policy.add({ ...hopeless, observed: { ...hopeless.observed, lastUnfinishedAt: at(second) } });
    }
  }
  return { longest: Math.max(longest, decisions / 10 - lastAsked), share: asked / decisions };
}

test('nobody goes unasked for much longer than two minutes, or half its age', () => {
  const young = longestUnasked(task('stuck', { model: slow, weight: 1e-9, observed: sighted(0) }));
  expect(young.longest).toBeLessThan(2_000 / 2);
  expect(young.share).toBeGreaterThan(0);
  const fresh = longestUnasked(task('stuck', { model: slow, weight: 1e-9, observed: sighted(1_900) }));
  expect(fresh.longest).toBeLessThan(2_000);
});

test('a hundred stragglers take no more than a tenth of the calls', () => {
  const policy = createIndexPolicy();
  for (let number = 0; number < 100; number += 1) {
    policy.add(task(`stuck ${number}`, { model: slow, weight: 1e-9, observed: sighted(-1_000) }));
    policy.add(task(`good ${number}`, { weight: 1_000 }));
  }
  const named = order(policy, ms(10), 100);
  const stuck = named.filter((id) => id?.startsWith('stuck')).length;
  expect(stuck).toBeLessThanOrEqual(10);
  expect(stuck).toBeGreaterThanOrEqual(9);
});

test('a task that was given up is asked after when it is ready, and not before', () => {
  const policy = createIndexPolicy();
  const late = task('late', { aside: true, observed: sighted(-30_000, { lastUnfinishedAt: at(-10) }) });
  policy.add(late, ms(3_600));
  expect(policy.next(ms(3_599))).toEqual({ at: ms(3_600) });
  const named = Array.from({ length: 12 }, (_, turn) => policy.next(ms(3_600 + turn / 10)));
  expect(named).toContainEqual({ id: 'late' });
});

test('of those that stand aside the one that has been ready longest goes first, whenever it was seen', () => {
  const policy = createIndexPolicy();
  for (let number = 0; number < 3; number += 1) {
    const seen = sighted(0, { lastUnfinishedAt: at(number) });
    policy.add(task(String(number), { aside: true, observed: seen }), ms(60 - number));
  }
  expect(order(policy, ms(70), 40).filter((id) => id !== null)).toEqual(['2', '1', '0']);
});

test('those that stand aside take no more than a tenth of the calls, however long ago they were seen', () => {
  const policy = createIndexPolicy();
  for (let number = 0; number < 100; number += 1) {
    policy.add(task(`aside ${number}`, { aside: true, observed: sighted(-1_000) }), ms(1));
    policy.add(task(`good ${number}`));
  }
  const aside = order(policy, ms(10), 100).filter((id) => id?.startsWith('aside')).length;
  expect(aside).toBeLessThanOrEqual(10);
  expect(aside).toBeGreaterThanOrEqual(9);
});

test('goes on when the wall clock is set back', () => {
  const policy = createIndexPolicy();
  policy.add(task('a', { observed: sighted(0, { lastUnfinishedAt: at(3_600), lastWaitAt: at(3_600) }) }));
  policy.next(ms(10));
  expect(policy.next(ms(20))).toEqual({ id: 'a' });
});

describe('while its model is young', () => {
  /** Of lone tasks that stay in WAIT, asked after whenever the policy names one. */
  function calls(seconds: number, tasks: readonly PollableTask[]): string[] {
    const policy = createIndexPolicy();
    for (const entered of tasks) policy.add(entered);
    const known = new Map(tasks.map((entered) => [entered.id, entered]));
    const named: string[] = [];
    for (let turn = 0; turn < seconds * 20; turn += 1) {
      const choice = policy.next(ms(turn / 20));
      if (choice === null || 'at' in choice) continue;
      named.push(choice.id);
      const seenAt = at(turn / 20);
      const before = known.get(choice.id) ?? task(choice.id);
      policy.add({ ...before, observed: { ...before.observed, lastUnfinishedAt: seenAt, lastWaitAt: seenAt } });
    }
    return named;
  }
  const video = createCompletionModel({ wholeSeconds: 180, runSeconds: 120 });
  const offPeak = createCompletionModel({ wholeSeconds: 3_600, runSeconds: 120 });

  test('a lone task is asked after less often as it grows older', () => {
    const count = calls(120, [task('a', { model: video })]).length;
    expect(count).toBeGreaterThan(100);
    expect(count).toBeLessThan(200);
    // Control: a young one, twice a second or more.
    expect(calls(12, [task('a')]).length).toBeGreaterThan(24);
  });

  test('a lone task that is worth little is asked after only where it pays', () => {
    expect(calls(3_600, [task('a', { model: offPeak, weight: 0.05 })]).length).toBeLessThan(60);
  });

  test('an old task keeps no younger one of its model waiting', () => {
    const old = task('old', { model: video, observed: sighted(-3_600, { lastWaitAt: at(-1) }) });
    const named = calls(60, [old, task('new', { model: video })]);
    expect(named.filter((id) => id === 'new').length).toBeGreaterThan(60);
    expect(named.filter((id) => id === 'old').length).toBeLessThan(5);
  });
});

describe('when little runs', () => {
  const calls = (model: PollableTask['model']): number => {
    const policy = createIndexPolicy();
    policy.add(task('a', { model }));
    let count = 0;
    for (let turn = 0; turn < 1_000; turn += 1) {
      const choice = policy.next(ms(turn / 20));
      if (choice === null || 'at' in choice) continue;
      count += 1;
      policy.add(
        task('a', { model, observed: sighted(0, { lastUnfinishedAt: at(turn / 20), lastWaitAt: at(turn / 20) }) }),
      );
    }
    return count;
  };

  test('a lone task of a known slow model is asked after seldom', () => {
    const known = createCompletionModel({ wholeSeconds: 1_200, runSeconds: 800 });
    for (let number = 0; number < 40; number += 1) known.observe(sighted(0), 'ended', at(1_200));
    expect(calls(known)).toBeLessThan(calls(slow) / 3);
  });
});
