import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { makeApiKey, parseApiKey } from '../../src/domain/api-key.ts';
import { findApiKeys, insertApiKey, listApiKeys, revokeApiKey } from '../../src/store/api-keys.ts';
import { openStore, type TestStore } from './open-store.ts';

async function addKey({ database }: TestStore, owner: string, name = 'backend') {
  const made = makeApiKey({ owner, name });
  await insertApiKey(database, made.key);
  return made;
}

test('a key is found by its id as it was made, and an unknown id is left out', async () => {
  await using store = await openStore();
  const { key } = await addKey(store, 'acme');
  const [found, ...more] = await findApiKeys(store.database, ['unknown', key.id]);
  expect(more).toEqual([]);
  expect(found).toEqual({ ...key, createdAt: expect.any(Date), revokedAt: null });
});

test('the database never sees the secret', async () => {
  await using store = await openStore();
  const { text } = await addKey(store, 'acme');
  const secret = parseApiKey(text)?.secret ?? '';
  const { rows } = await sql<{ line: string }>`select api_key::text as line from api_key`.execute(store.database);
  const seen = JSON.stringify([rows, store.statements.map(({ parameters }) => parameters.map(String))]);
  expect(seen).toContain('acme');
  expect(secret).toHaveLength(43);
  for (const form of [secret, Buffer.from(secret).toString('hex')]) expect(seen).not.toContain(form);
});

test('keys are listed newest first, everybody’s or one owner’s, revoked ones among them', async () => {
  await using store = await openStore();
  const old = await addKey(store, 'acme', 'old');
  const foreign = await addKey(store, 'bob');
  const young = await addKey(store, 'acme', 'young');
  await revokeApiKey(store.database, old.key.id);
  const idsOf = async (owner?: string) => (await listApiKeys(store.database, owner)).map(({ id }) => id);
  expect(await idsOf()).toEqual([young.key.id, foreign.key.id, old.key.id]);
  expect(await idsOf('acme')).toEqual([young.key.id, old.key.id]);
  expect(await idsOf('nobody')).toEqual([]);
});

test('a key is revoked once, for good, and alone', async () => {
  await using store = await openStore();
  const [{ key }, other] = [await addKey(store, 'acme'), await addKey(store, 'acme')];
  const revoked = await revokeApiKey(store.database, key.id);
  expect(revoked).toMatchObject({ isNew: true, key: { id: key.id, revokedAt: expect.any(Date) } });
  expect(await revokeApiKey(store.database, key.id)).toEqual({ ...revoked, isNew: false });
  expect(await revokeApiKey(store.database, 'unknown')).toBeNull();
  expect(await findApiKeys(store.database, [other.key.id])).toMatchObject([{ revokedAt: null }]);
});
