import { expect, test } from 'vitest';
import { durationKeyOf, durationKeyText, isOffPeakKey } from '../../src/domain/learned-duration.ts';
import type { TaskRequest } from '../../src/domain/request.ts';

const keyOf = (request: TaskRequest) => durationKeyOf({ kind: request.kind, request });
const model = { name: 'Vidu', version: 'q2' };

test('tasks are learned by kind, model and version', () => {
  expect(keyOf({ kind: 'VIDEO', model })).toEqual({ kind: 'VIDEO', model: 'Vidu', version: 'q2' });
  expect(keyOf({ kind: 'VIDEO', model: { name: 'Vidu' } })).toEqual({ kind: 'VIDEO', model: 'Vidu', version: '' });
  expect(keyOf({ kind: 'AUDIO' })).toEqual({ kind: 'AUDIO', model: '', version: '' });
});

test('an off-peak video is learned apart from the same video at once', () => {
  const key = keyOf({ kind: 'VIDEO', model, offPeak: true });
  expect(key).not.toEqual(keyOf({ kind: 'VIDEO', model, offPeak: false }));
  expect(keyOf({ kind: 'VIDEO', model, offPeak: false })).toEqual(keyOf({ kind: 'VIDEO', model }));
  expect(key && isOffPeakKey(key)).toBe(true);
});

test('an adopted task teaches nothing: neither its model nor its beginning is known', () => {
  expect(durationKeyOf({ kind: 'IMAGE', request: null })).toBeNull();
});

test('no two keys have one text, whatever the names', () => {
  const texts = [
    durationKeyText({ kind: 'IMAGE', model: 'a', version: 'b c' }),
    durationKeyText({ kind: 'IMAGE', model: 'a b', version: 'c' }),
    durationKeyText({ kind: 'IMAGE', model: 'a","b', version: 'c' }),
    durationKeyText({ kind: 'AUDIO', model: 'a', version: 'b c' }),
  ];
  expect(new Set(texts).size).toBe(texts.length);
});
