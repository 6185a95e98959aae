import { expect, test } from 'vitest';
import {
  durationKeyOf,
  durationKeyText,
  isCatalogued,
  isOffPeakKey,
} from '../../src/domain/learning/learned-duration.ts';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';

const keyOf = (request: TaskRequest) => durationKeyOf({ kind: request.kind, request }, builtInCatalogue);
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

test('models that the catalogue does not know are learned together, and so are unknown versions of a known one', () => {
  const unknown = keyOf({ kind: 'VIDEO', model: { name: 'Invented' } });
  expect(keyOf({ kind: 'VIDEO', model: { name: 'Another', version: '9' } })).toEqual(unknown);
  expect(keyOf({ kind: 'IMAGE', model: { name: 'Invented' } })).not.toEqual(unknown);
  const unknownVersion = keyOf({ kind: 'VIDEO', model: { name: 'Vidu', version: '9' } });
  expect(keyOf({ kind: 'VIDEO', model: { name: 'Vidu', version: '10' } })).toEqual(unknownVersion);
  expect(unknownVersion).toMatchObject({ model: 'Vidu' });
  expect(unknownVersion).not.toEqual(keyOf({ kind: 'VIDEO', model }));
});

test('what tasks are learned under is in the catalogue, whatever they ask for; what was stored under other names is not', () => {
  const asked = [
    undefined,
    model,
    { name: 'Vidu' },
    { name: 'Vidu', version: '9' },
    { name: 'Invented', version: '9' },
  ];
  for (const offPeak of [false, true]) {
    for (const named of asked) {
      const key = keyOf({ kind: 'VIDEO', offPeak, ...(named && { model: named }) });
      expect(key && isCatalogued(key, builtInCatalogue)).toBe(true);
    }
  }
  expect(isCatalogued({ kind: 'VIDEO', model: 'Invented', version: '' }, builtInCatalogue)).toBe(false);
  expect(isCatalogued({ kind: 'VIDEO', model: 'Vidu', version: '9' }, builtInCatalogue)).toBe(false);
});

test('an adopted task teaches nothing: neither its model nor its beginning is known', () => {
  expect(durationKeyOf({ kind: 'IMAGE', request: null }, builtInCatalogue)).toBeNull();
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
