import { expect, test } from 'vitest';
import { createGroups, TooLongError } from '../../src/kit/groups.ts';

const place = { group: 'ada', key: 'ada' };
const limits = { maxSize: 3, maxWaitMs: 10_000 };

test('the first goes at once, and what arrives meanwhile goes together, as many as a group takes', async () => {
  const groups: (readonly number[])[] = [];
  const { enter, isBusy } = createGroups<number, number>(limits, async (_line, items) => {
    groups.push(items);
    return (item) => item * 2;
  });
  const answers = [1, 2, 3, 4, 5].map((item) => enter('line', item, place));
  expect(groups).toEqual([[1]]);
  expect(await Promise.all(answers)).toEqual([2, 4, 6, 8, 10]);
  expect(groups).toEqual([[1], [2, 3, 4], [5]]);
  await expect.poll(() => isBusy('line')).toBe(false);
});

test('what does not get its turn in time is refused, and left out; other lines go on, and so does its own', async () => {
  const worked: string[] = [];
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const { enter } = createGroups<string, string>({ ...limits, maxWaitMs: 5 }, async (_line, [item = '']) => {
    worked.push(item);
    if (item === 'slow') await held;
    return () => item;
  });
  const slow = enter('line', 'slow', place);
  await expect(enter('line', 'late', place)).rejects.toBeInstanceOf(TooLongError);
  expect(await enter('other line', 'other', place)).toBe('other');
  letGo();
  expect(await slow).toBe('slow');
  expect(await enter('line', 'next', place)).toBe('next');
  expect(worked).toEqual(['slow', 'other', 'next']);
});
