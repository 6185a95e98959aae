import { expect, test } from 'vitest';
import { createdAt } from '../../src/domain/task/task-id.ts';
import { createTaskIds } from '../../src/tasks/task-ids.ts';

const noon = Date.UTC(2026, 0, 15, 12);
const hourMs = 3_600_000;

function createIds() {
  let now = noon;
  let settled = 0;
  const settle = async (): Promise<void> => void (settled += 1);
  return {
    create: createTaskIds({ now: () => now, settle }),
    setClock: (to: number) => void (now = to),
    settled: () => settled,
  };
}

async function createMany(create: () => Promise<string>, count: number): Promise<string[]> {
  return await Promise.all(Array.from({ length: count }, create));
}

test('an id begins with the clock’s time, to the millisecond', async () => {
  const { create, setClock, settled } = createIds();
  expect(createdAt(await create())).toEqual(new Date(noon));
  setClock(noon + 1);
  expect(createdAt(await create())).toEqual(new Date(noon + 1));
  expect(settled()).toBe(2);
});

test('ids of one millisecond are different, and in the order in which they were made', async () => {
  const { create } = createIds();
  const ids = await createMany(create, 5_000);
  expect(new Set(ids).size).toBe(5_000);
  expect(ids).toEqual(ids.toSorted());
});

test('no id is below the last one, also when the clock was set back, until it has caught up', async () => {
  const { create, setClock } = createIds();
  const before = await createMany(create, 100);
  setClock(noon - hourMs);
  const during = await createMany(create, 100);
  setClock(noon + 1);
  const after = await createMany(create, 100);
  const all = [...before, ...during, ...after];
  expect(all).toEqual(all.toSorted());
  expect(during.map(createdAt)).toEqual(during.map(() => new Date(noon)));
  expect(after.map(createdAt)).toEqual(after.map(() => new Date(noon + 1)));
});

test('what makes the ids of two processes different is chance', async () => {
  const [one, other] = [createIds(), createIds()];
  const ids = [...(await createMany(one.create, 1_000)), ...(await createMany(other.create, 1_000))];
  expect(new Set(ids).size).toBe(2_000);
});
