import { describe, expect, test } from 'vitest';
import { canonicalJson, withoutAbsent } from '../../src/domain/request/canonical-request.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';

const textOf = (value: object) => canonicalJson(withoutAbsent(value));

describe('withoutAbsent', () => {
  test('drops undefined, null and empty lists, at any depth', () => {
    const input = { prompt: null, model: { name: 'GEM', version: null }, sceneType: undefined, referenceImages: [] };
    expect(withoutAbsent(input)).toStrictEqual({ model: { name: 'GEM' } });
  });

  test('drops what is absent inside the items of a list', () => {
    expect(withoutAbsent({ referenceImages: [{ url: 'https://a.example', referenceType: null }] })).toStrictEqual({
      referenceImages: [{ url: 'https://a.example' }],
    });
  });

  test('keeps what says something, be it false, zero or an empty text', () => {
    const input = { enhancePrompt: false, duration: 0, prompt: '' };
    expect(withoutAbsent(input)).toStrictEqual(input);
  });

  test('keeps additionalParameters as they are, nulls and empty lists too', () => {
    const additionalParameters = { seed: null, tags: [], nested: { style: null } };
    expect(withoutAbsent({ additionalParameters })).toStrictEqual({ additionalParameters });
    expect(withoutAbsent({ prompt: 'a cat', additionalParameters: null })).toStrictEqual({ prompt: 'a cat' });
  });

  test('makes a request out of an input with nulls, as the types see it too', () => {
    const input: { prompt?: string | null; model?: { name: string; version?: string | null } | null } = {
      prompt: 'a cat',
    };
    const request: TaskRequest = { kind: 'IMAGE', ...withoutAbsent(input) };
    expect(request).toStrictEqual({ kind: 'IMAGE', prompt: 'a cat' });
  });
});

describe('canonicalJson', () => {
  test('sorts the keys at every depth and leaves lists in their order', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, 'x', 'a'], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},"x","a"]}');
  });

  test('keeps a key named __proto__ like any other', () => {
    const text = '{"__proto__":{"a":1},"z":2}';
    expect(textOf(JSON.parse(text))).toBe(text);
  });

  test('tells different requests apart', () => {
    const texts = [
      { kind: 'IMAGE', prompt: 'a cat' },
      { kind: 'VIDEO', prompt: 'a cat' },
      { kind: 'IMAGE', prompt: 'a cat ' },
      { kind: 'IMAGE', prompt: 'a cat', enhancePrompt: false },
      { kind: 'IMAGE', prompt: 'a cat', additionalParameters: { seed: null } },
      { kind: 'IMAGE', prompt: 'a cat', additionalParameters: {} },
      { kind: 'IMAGE', prompt: 'a cat', referenceImages: [{ url: 'https://a.example' }, { url: 'https://b.example' }] },
      { kind: 'IMAGE', prompt: 'a cat', referenceImages: [{ url: 'https://b.example' }, { url: 'https://a.example' }] },
    ].map(textOf);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('gives every spelling of a request the same text', () => {
    const random = createRandom(7);
    const request = {
      kind: 'VIDEO',
      prompt: '一只猫 🐈',
      model: { name: 'Kling', version: 'O1' },
      referenceImages: [
        { url: 'https://example.com/1.png', referenceType: 'asset' },
        { url: 'https://example.com/2.png' },
      ],
      duration: 5,
      offPeak: false,
      storeCos: { bucketName: 'b', bucketRegion: 'r' },
      additionalParameters: { 10: 'x', 9: { b: null, a: [] }, camera: { type: 'simple' } },
    };
    for (let round = 0; round < 200; round += 1) expect(textOf(respelled(request, random))).toBe(textOf(request));
  });
});

/** The same request with its keys in another order and absent fields written out. */
function respelled(value: object, random: () => number): object {
  const absent = [null, undefined, []][Math.floor(random() * 3)];
  const entries = Object.entries({ ...value, sceneType: absent }).map(([name, field]: [string, unknown]) => {
    if (name === 'additionalParameters' || typeof field !== 'object' || field === null) return [name, field] as const;
    const item = (one: unknown) => (typeof one === 'object' && one !== null ? respelled(one, random) : one);
    return [name, Array.isArray(field) ? field.map(item) : respelled(field, random)] as const;
  });
  return Object.fromEntries(
    entries
      .map((entry) => ({ entry, at: random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ entry }) => entry),
  );
}

/** Repeatable pseudo-random numbers from 0 to below 1 (a linear congruential generator). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
