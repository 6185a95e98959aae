import { expect, test } from 'vitest';
import { isSecretOf, looksLikeApiKey, makeApiKey, parseApiKey, type ApiKey } from '../../src/domain/api-key.ts';
import { ownerNameRule } from '../../src/domain/owner.ts';

const labels = { owner: 'acme', name: 'backend' };

function make(): { text: string; key: ApiKey; secret: string } {
  const { key, text } = makeApiKey(labels);
  const secret = parseApiKey(text)?.secret ?? '';
  return { text, secret, key: { ...key, createdAt: new Date(0), revokedAt: null } };
}

test('a key is one word that a scanner finds, and says which it is', () => {
  const { text, key } = make();
  expect(text).toMatch(/^aigc_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}$/);
  expect(parseApiKey(text)?.id).toBe(key.id);
  expect(key).toMatchObject(labels);
  expect(looksLikeApiKey(text)).toBe(true);
  expect(looksLikeApiKey('eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln')).toBe(false);
});

test('no two keys are alike, and each character of the alphabet turns up everywhere in a secret', () => {
  const made = Array.from({ length: 2_000 }, make);
  expect(new Set(made.map(({ key }) => key.id)).size).toBe(made.length);
  for (const place of [0, 21, 42]) expect(new Set(made.map(({ secret }) => secret[place])).size).toBe(62);
});

test('what is kept opens for its own secret only, and does not hold it', () => {
  const { key, secret, text } = make();
  expect(isSecretOf(key, secret)).toBe(true);
  expect(isSecretOf(key, make().secret)).toBe(false);
  expect(isSecretOf(key, '')).toBe(false);
  expect(Buffer.from(key.secretHash)).toHaveLength(32);
  for (const word of [secret, text]) expect(JSON.stringify(key)).not.toContain(word);
});

test('what is no key is told without asking anybody', () => {
  const { text } = make();
  const malformed = ['', 'aigc_', text.slice(0, -1), `${text}0`, ` ${text}`, `${text}\n`, text.toUpperCase()];
  for (const wrong of [...malformed, text.replace('aigc', 'aigd'), text.replace(/.$/, '-'), text.replace(/_/g, '.')]) {
    expect(parseApiKey(wrong), wrong).toBeNull();
  }
  // Control.
  expect(parseApiKey(text)).not.toBeNull();
});

test.each([
  ['nothing', ''],
  ['256 characters', 'x'.repeat(256)],
  ['a space that nobody sees', 'acme '],
  ['a second line', 'acme\nbackend'],
  ['two letters that look like one', 'Mu\u0308ller'],
  ['what moves the cursor', 'acme\u001B[2K'],
  ['what PostgreSQL does not store', 'acme\uD800'],
])('neither an owner nor a name may be %s', (_what, label) => {
  expect(() => makeApiKey({ ...labels, owner: label })).toThrow(`owner: ${ownerNameRule}`);
  expect(() => makeApiKey({ ...labels, name: label })).toThrow(`name: ${ownerNameRule}`);
});

test('owners and names of any language may be as long as is told', () => {
  const label = `${'🦊'.repeat(250)} 狐狸 x`;
  expect(makeApiKey({ owner: label, name: label }).key).toMatchObject({ owner: label, name: label });
});
