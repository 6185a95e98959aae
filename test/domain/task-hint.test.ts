import { expect, test } from 'vitest';
import { decodeHeldHint, decodeHints, encodeHeldHint, encodeHints, ownerTag } from '../../src/domain/task/task-hint.ts';

const hint = (number: number) => ({
  id: `0198c0de-0000-7000-8000-${String(number).padStart(12, '0')}`,
  ownerTag: ownerTag(`owner ${number % 3}`),
  revision: number + 1,
});
const hints = Array.from({ length: 1_000 }, (_, number) => hint(number));

test('hints come back as they went, in as few payloads as PostgreSQL takes', () => {
  const payloads = encodeHints(hints);
  expect(payloads.flatMap(decodeHints)).toEqual(hints);
  const sizes = payloads.map((payload) => Buffer.byteLength(payload));
  expect(Math.max(...sizes)).toBeLessThan(8_000);
  expect(payloads).toHaveLength(Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 7_900));
});

test('no hints need no payload', () => {
  expect(encodeHints([])).toEqual([]);
  expect(decodeHints('')).toEqual([]);
});

test('what another version of the gateway says is passed over', () => {
  const [payload = ''] = encodeHints([hint(1)]);
  expect(decodeHints(`v2 ${payload} a:b:c a:b a:b:-1 a:b:1.5`)).toEqual([hint(1)]);
});

test('owners are told apart without being named', () => {
  expect(ownerTag('ada')).toMatch(/^[\da-f]{16}$/);
  expect(ownerTag('ada')).toBe(ownerTag('ada'));
  expect(ownerTag('ada')).not.toBe(ownerTag('Ada'));
});

test('a hint about held tasks comes back as it went, whatever the account is called', () => {
  const held = { process: '7b0c1f2e-0000-4000-8000-000000000000', account: 'mps.example.com/ap singapore/my account' };
  expect(decodeHeldHint(encodeHeldHint(held))).toEqual(held);
});
