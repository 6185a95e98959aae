import { describe, expect, it } from 'vitest';
import { createIsoText, parseDateTime } from '../../schema/date-time.ts';
import { parseJsonObject } from '../../schema/json-object.ts';
import { ask, errorsOf } from './ask.ts';
import { createInMemoryUseCases, imageTask } from './in-memory-use-cases.ts';

describe('DateTime', () => {
  it.each([
    ['2026-07-01T12:30:00Z', '2026-07-01T12:30:00.000Z'],
    ['2026-07-01t12:30:00.5z', '2026-07-01T12:30:00.500Z'],
    ['2026-07-01T20:30:00.123456+08:00', '2026-07-01T12:30:00.123Z'],
    ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000Z'],
  ])('takes %s', (text, moment) => {
    expect(parseDateTime(text).toISOString()).toBe(moment);
  });

  it.each([
    '2026-02-30T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-07-01T24:00:00Z',
    '2026-07-01T12:60:00Z',
    '2026-07-01T12:30:00+24:00',
    '2026-07-01T12:30:00',
    '2026-07-01',
    '2026-07-01 12:30:00Z',
    ' 2026-07-01T12:30:00Z',
    'yesterday',
    '',
    1_782_909_000,
    ['2026-07-01T12:30:00Z'],
  ])('refuses %j', (value) => {
    expect(() => parseDateTime(value)).toThrow('DateTime must be an RFC 3339 moment with an offset');
  });

  it('comes out in UTC with milliseconds', async () => {
    const { useCases } = createInMemoryUseCases([imageTask(1, { createdAt: new Date('2026-07-01T12:30:00+02:00') })]);

    const { data } = await ask(useCases, '{ tasks { nodes { ... on AigcTask { createdAt } } } }');

    expect(data).toMatchObject({ tasks: { nodes: [{ createdAt: '2026-07-01T10:30:00.000Z' }] } });
  });

  it('is written as JavaScript writes it, whatever the moment and the one before', () => {
    const isoText = createIsoText();
    const hour = 3_600_000;
    const moments = [
      0,
      -1,
      86_399_999,
      86_400_000,
      -86_400_001,
      Date.UTC(2024, 1, 29, 23, 59, 59, 7),
      -62_167_219_200_001,
    ]
      .flatMap((at) => [at, at + hour, at, at - hour])
      .concat(253_402_300_799_999, 253_402_300_800_000, 8.64e15, -8.64e15);
    for (const at of moments) expect(isoText(new Date(at))).toBe(new Date(at).toISOString());
    expect(() => isoText(new Date(Number.NaN))).toThrow(RangeError);
  });

  it('says what is allowed when a variable is wrong', async () => {
    const { useCases } = createInMemoryUseCases([]);
    const query = 'query ($after: DateTime) { tasks(filter: { createdAfter: $after }) { nodes { __typename } } }';

    const [error] = errorsOf(await ask(useCases, query, { after: '2026-02-30T00:00:00Z' }));

    expect(error?.message).toContain('such as "2026-07-01T12:30:00Z"');
  });
});

describe('JSONObject', () => {
  it('takes objects of any content', () => {
    const value = { size: '1024x1024', nested: { list: [1, 'two', null, { three: 3.5 }] }, flag: true };

    expect(parseJsonObject(value)).toEqual(value);
  });

  it.each([['a string'], [1], [true], [null], [[{ size: 1 }]]])('refuses %j, which is no object', (value) => {
    expect(() => parseJsonObject(value)).toThrow('JSONObject must be a JSON object');
  });

  it('refuses what is nested deeper than it says', () => {
    expect(() => parseJsonObject(nested(64))).not.toThrow();
    expect(() => parseJsonObject(nested(65))).toThrow('at most 64 levels');
    expect(() => parseJsonObject(nested(100_000))).toThrow('at most 64 levels');
  });

  it('refuses a literal that repeats a variable until it is large', async () => {
    const { useCases, calls } = createInMemoryUseCases([]);
    const create = (repeated: string) =>
      `mutation ($v: JSONObject, $t: String) {
        createImageTask(input: { additionalParameters: { list: [${repeated}] } }) { __typename }
      }`;
    const variables = { v: { list: Array.from({ length: 1_000 }, () => 1) }, t: 'x'.repeat(100_000) };

    await ask(useCases, create('$v $t'), variables);
    expect(calls).toHaveLength(1);
    for (const repeated of ['$t $v $v $v $v $v $v $v $v $v $v', '$v $t $t $t $t $t $t $t $t $t $t']) {
      expect(errorsOf(await ask(useCases, create(repeated), variables))).not.toEqual([]);
    }
    expect(calls).toHaveLength(1);
  });
});

function nested(levels: number): unknown {
  let value: unknown = {};
  for (let level = 1; level < levels; level += 1) value = { value };
  return value;
}
