import { expect, test } from 'vitest';
import { decodePlace, encodePlace, isAfter, parseSnapshot } from '../../src/domain/task/change-place.ts';

const database = '0198c0de-0000-4000-8000-000000000000';

test('a snapshot tells what was over from what was not', () => {
  const snapshot = parseSnapshot('10:20:10,15');
  expect([9n, 10n, 11n, 15n, 19n, 20n, 21n].filter((transaction) => isAfter(snapshot, transaction))).toEqual([
    10n,
    15n,
    20n,
    21n,
  ]);
  expect(parseSnapshot('20:20:')).toEqual({ xmax: 20n, underWay: [] });
});

test.each(['20:20:', '10:20:10,15', '1:18446744073709551615:1,2,3', '3:9000000000:4,8999999999'])(
  'a place at %s survives being text',
  (text) => {
    const place = { database, snapshot: parseSnapshot(text) };
    expect(decodePlace(encodePlace(place))).toEqual(place);
  },
);

test('of ten thousand transactions under way, none is passed over, and the text stays short', () => {
  const first = 18_446_744_073_700_000_000n;
  const underWay = Array.from({ length: 10_000 }, (_, index) => first + BigInt(3 * index));
  const snapshot = parseSnapshot(`${first}:${first + 40_000n}:${underWay.join(',')}`);
  const text = encodePlace({ database, snapshot });
  expect(text.length).toBeLessThan(2_000);
  const told = decodePlace(text)?.snapshot ?? snapshot;
  expect(told.underWay.length).toBeLessThan(100);
  expect(underWay.every((transaction) => isAfter(told, transaction))).toBe(true);
  expect(isAfter(told, first + 1n)).toBe(false);
});

const encode = (text: string): string => Buffer.from(text).toString('base64url');
const good = `1.${database}.14.a,5`;

test.each([
  '',
  'not base64url!',
  `${encode(good)}=`,
  `${encode(good)}\n`,
  encode(`2.${database}.14.5`),
  encode(`1.${database}.014.5`),
  encode(`1.${database}.14.0`),
  encode(`1.${database}.14.15`),
  encode(`1.${database}.14.a,5,`),
  encode(`1.${database}.14.5,a`),
  encode(`1.${database}.11111111111111111.`),
  encode(`1.${'f'.repeat(35)}.14.`),
  encode(`1.${database}.ff.${Array.from({ length: 65 }, (_, index) => (65 - index).toString(16)).join(',')}`),
  'A'.repeat(3_000),
])('"%s" is no place', (text) => {
  expect(decodePlace(encode(good))).not.toBeNull();
  expect(decodePlace(text)).toBeNull();
});
