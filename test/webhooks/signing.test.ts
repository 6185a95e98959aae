import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { isWebhookSecret, makeWebhookSecret } from '../../src/domain/task/webhook-secret.ts';
import { findOwnSecrets, insertFirstSecret, rotateSecret } from '../../src/store/webhook-secrets.ts';
import { owner } from '../store/open-store.ts';
import { moves, openWebhooks, type TestWebhooks } from './open-webhooks.ts';
import { startReceiver, verify, type Received, type Receiver } from './receiver.ts';

/** What a receiver gets of one more task of an owner. */
async function tell(world: TestWebhooks, receiver: Receiver, of = owner): Promise<Received> {
  const before = receiver.received.length;
  const id = await world.hold(receiver.origin, ['ENDED'], of);
  await world.move(id, moves.canceled);
  await world.untilOver(id);
  const received = receiver.received[before];
  if (received === undefined) throw new Error('Nothing came.');
  return received;
}

const signaturesOf = ({ headers }: Received): string[] => (headers['webhook-signature'] ?? '').split(' ');
const rotate = async ({ database }: TestWebhooks): Promise<string> => {
  const secret = makeWebhookSecret();
  await rotateSecret(database, owner, secret);
  return secret;
};
const letDayPass = async ({ database }: TestWebhooks): Promise<void> => {
  await sql`update webhook_secret set created_at = created_at - interval '24 h', signs_until = signs_until - interval '24 h'`.execute(
    database,
  );
};
const refusal = 'No matching signature';

test('an owner’s own secret signs for nobody else, and the configured one no longer for that owner', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  const own = await rotate(world);
  await letDayPass(world);

  const ofOwner = await tell(world, receiver);
  verify(own, ofOwner);
  expect(() => verify(world.secret, ofOwner)).toThrow(refusal);
  const ofOther = await tell(world, receiver, 'grace');
  verify(world.secret, ofOther);
  expect(() => verify(own, ofOther)).toThrow(refusal);
});

test('without any, each owner is made one at the first use, which stays', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin], secrets: [] });
  const both = [await tell(world, receiver), await tell(world, receiver)];
  const [{ secret: own } = { secret: '' }, ...others] = await findOwnSecrets(world.database, owner);
  expect(others).toEqual([]);
  expect(isWebhookSecret(own)).toBe(true);
  for (const received of both) verify(own, received);

  const ofOther = await tell(world, receiver, 'grace');
  expect(() => verify(own, ofOther)).toThrow(refusal);
});

test('two that make the first at once agree on it', async () => {
  await using world = await openWebhooks({ secrets: [] });
  const made = await Promise.all(
    Array.from({ length: 5 }, () => insertFirstSecret(world.database, owner, makeWebhookSecret())),
  );
  expect(new Set(made.flat().map(({ secret }) => secret)).size).toBe(1);
});

test('a secret that was only made because there was none does not replace the configured one: both sign', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  const made = makeWebhookSecret();
  await insertFirstSecret(world.database, owner, made);
  await letDayPass(world);
  const received = await tell(world, receiver);
  verify(world.secret, received);
  verify(made, received);

  const own = await rotate(world);
  const meanwhile = await tell(world, receiver);
  for (const secret of [own, world.secret, made]) verify(secret, meanwhile);
  await letDayPass(world);
  expect(signaturesOf(await tell(world, receiver))).toHaveLength(1);
});

test('after a rotation both secrets verify for a day, and then the new one alone', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  const [old, current] = [await rotate(world), await rotate(world)];

  const meanwhile = await tell(world, receiver);
  expect(signaturesOf(meanwhile)).toHaveLength(3);
  for (const secret of [old, current, world.secret]) verify(secret, meanwhile);

  await letDayPass(world);
  const afterwards = await tell(world, receiver);
  verify(current, afterwards);
  expect(() => verify(old, afterwards)).toThrow(refusal);
});

test('an owner’s first own secret leaves receivers a day to learn it, too', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  const own = await rotate(world);
  const meanwhile = await tell(world, receiver);
  verify(own, meanwhile);
  verify(world.secret, meanwhile);
  await letDayPass(world);
  await rotate(world);
  const later = await tell(world, receiver);
  verify(own, later);
  expect(() => verify(world.secret, later), 'after the next rotation').toThrow(refusal);
});

test('several configured secrets all sign', async () => {
  await using receiver = await startReceiver();
  const secrets = [makeWebhookSecret(), makeWebhookSecret()];
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin], secrets });
  const received = await tell(world, receiver);
  for (const secret of secrets) verify(secret, received);
});

test('each try is signed anew, with its own time', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  const received = await tell(world, receiver);
  const seconds = Number(received.headers['webhook-timestamp']);
  expect(Math.abs(seconds - Date.now() / 1_000)).toBeLessThan(10);
  const old = { ...received, headers: { ...received.headers, 'webhook-timestamp': String(seconds - 600) } };
  expect(() => verify(world.secret, old)).toThrow('too old');
});

test.each([
  '',
  'whsec_',
  'whsec_c2hvcnQ=',
  'secret',
  `whsec_${'A'.repeat(100)}`,
  'whsec_not base64!',
  'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
])('%j is no secret', (text) => {
  expect(isWebhookSecret(text)).toBe(false);
  expect(isWebhookSecret(makeWebhookSecret())).toBe(true);
});
