import { expect, test } from 'vitest';
import { createFileUrlTrial } from '../../src/tasks/try-file-url.ts';
import { createManualClock } from '../support/manual-clock.ts';

const url = 'https://results.example.com/1.png';

function openTrial(states: Record<string, 'alive' | 'dead' | 'unknown'> = {}) {
  const clock = createManualClock();
  const tried: string[] = [];
  const check = async (of: string) => {
    tried.push(of);
    return states[of] ?? 'alive';
  };
  return { clock, tried, tryUrl: createFileUrlTrial(check, clock) };
}

test('a URL that works is handed out until the moment at which it was seen to', async () => {
  const { clock, tryUrl } = openTrial();
  expect(await tryUrl(url)).toEqual(new Date(clock.now()));
});

test.each(['dead', 'unknown'] as const)('a URL that is %s is not handed out', async (state) => {
  expect(await openTrial({ [url]: state }).tryUrl(url)).toBeNull();
});

test('what was seen is believed for a minute, and then tried again', async () => {
  const { clock, tried, tryUrl } = openTrial();
  const seenAt = new Date(clock.now());
  await Promise.all([tryUrl(url), tryUrl(url)]);
  await clock.advance(59_999);
  expect(await tryUrl(url)).toEqual(seenAt);
  expect(tried).toEqual([url]);
  await clock.advance(1);
  expect(await tryUrl(url)).toEqual(new Date(clock.now()));
  expect(tried).toEqual([url, url]);
});

test('a thousand URLs are remembered, of more only the latest', async () => {
  const { tried, tryUrl } = openTrial();
  const urls = Array.from({ length: 1_001 }, (_, number) => `${url}?${number}`);
  for (const of of urls) await tryUrl(of);
  await tryUrl(urls[1_000] ?? '');
  expect(tried).toHaveLength(1_001);
  await tryUrl(urls[0] ?? '');
  expect(tried).toHaveLength(1_002);
});
