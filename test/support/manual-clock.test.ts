import { expect, it } from 'vitest';
import { createManualClock } from './manual-clock.ts';

it('stands still until it is moved', async () => {
  const clock = createManualClock(1000);
  await clock.advance(250);
  expect([clock.now(), clock.monotonic()]).toEqual([1250, 250]);
});

it('wakes sleepers in order, each at its time, and those that fall asleep again on the way', async () => {
  const clock = createManualClock(0);
  const woken: string[] = [];
  const sleep = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push(`${name} at ${clock.now()}`);
  };
  void sleep('late', 300);
  void sleep('early', 100).then(() => sleep('early again', 100));
  void sleep('never', 301);
  await clock.advance(300);
  expect(woken).toEqual(['early at 100', 'early again at 200', 'late at 300']);
  expect(clock.sleepers()).toBe(1);
});

it("rejects a sleeper with the signal's reason", async () => {
  const clock = createManualClock();
  const controller = new AbortController();
  const sleeping = clock.sleep(100, controller.signal);
  controller.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
  await expect(clock.sleep(100, controller.signal)).rejects.toThrow('enough');
  expect(clock.sleepers()).toBe(0);
});
