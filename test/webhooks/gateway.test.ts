import { expect, test } from 'vitest';
import { makeWebhookSecret } from '../../src/domain/task/webhook-secret.ts';
import type { CreateImageTaskInput } from '../generated/graphql.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import { createWithWebhook, readDeliveries, retryWithWebhook } from './documents.ts';
import { read, startReceiver, verify, type Receiver } from './receiver.ts';

const secret = makeWebhookSecret();

const startFor = (receiver: Receiver): Promise<TestGateway> =>
  startTestGateway({ webhooks: { secrets: [secret], exemptOrigins: [receiver.origin] } });

async function create(gateway: TestGateway, input: CreateImageTaskInput) {
  const { createImageTask: result } = await gateway.ask(createWithWebhook, { input });
  if (result === null || result === undefined) throw new Error('There was no answer.');
  return result;
}

async function createTask(gateway: TestGateway, input: CreateImageTaskInput): Promise<string> {
  const result = await create(gateway, input);
  if (result.__typename !== 'CreateImageTaskPayload') throw new Error(JSON.stringify(result));
  return result.task.id;
}

async function deliveriesOf(gateway: TestGateway, id: string) {
  return (await gateway.ask(readDeliveries, { id })).task?.webhookDeliveries ?? [];
}

test('a receiver is told of an image that is done, with a URL that works', async () => {
  await using receiver = await startReceiver();
  await using gateway = await startFor(receiver);
  const id = await createTask(gateway, { prompt: 'a lighthouse', webhook: { url: `${receiver.origin}/hook` } });
  await until(async () => (await deliveriesOf(gateway, id)).length === 1);

  const [received] = receiver.received;
  if (received === undefined) throw new Error('Nothing came.');
  const { type, data } = verify(secret, received);
  expect([type, data.id, data.status, data.failure]).toEqual(['task.ended', id, 'DONE', null]);
  expect(data.files).toMatchObject([{ id: `${id}_0`, type: 'IMAGE', expiresAt: expect.any(String) }]);
  expect((await fetch(data.files[0]?.url ?? '')).status).toBe(200);
  expect(await deliveriesOf(gateway, id)).toEqual([
    {
      event: 'ENDED',
      revision: data.revision,
      attempt: 1,
      at: expect.any(String),
      statusCode: 204,
      error: null,
      nextAttemptAt: null,
    },
  ]);
});

test('every change reaches a receiver that asked for it, the newest of them in the end', async () => {
  await using receiver = await startReceiver();
  await using gateway = await startFor(receiver);
  const webhook = { url: receiver.origin, events: ['CHANGED' as const] };
  const id = await createTask(gateway, { prompt: 'a lighthouse', webhook });
  await until(() => receiver.received.map(read).some(({ data }) => data.status === 'DONE'));
  const told = receiver.received.map(read);
  expect(new Set(told.map(({ type }) => type))).toEqual(new Set(['task.changed']));
  const { task } = await gateway.ask(readDeliveries, { id });
  expect(Math.max(...told.map(({ data }) => data.revision))).toBe(task?.revision);
});

test('a task that has no webhook has no deliveries', async () => {
  await using receiver = await startReceiver();
  await using gateway = await startFor(receiver);
  const id = await createTask(gateway, { prompt: 'a lighthouse' });
  await until(async () => (await gateway.ask(readDeliveries, { id })).task?.status === 'DONE');
  expect(await deliveriesOf(gateway, id)).toEqual([]);
});

test.each([
  ['nothing that is a URL', 'hook', 'NOT_A_URL'],
  ['another scheme', 'ftp://example.com/hook', 'NOT_A_URL'],
  ['half a surrogate pair', 'https://example.com/\ud800', 'MALFORMED'],
  ['http', 'http://example.com/hook', 'NOT_ALLOWED'],
  ['a password', 'https://me:secret@example.com/hook', 'NOT_ALLOWED'],
  ['this machine', 'https://127.0.0.1/hook', 'PRIVATE_ADDRESS'],
  ['this machine in disguise', 'https://0x7f.1/hook', 'PRIVATE_ADDRESS'],
  ['a private network', 'https://10.1.2.3/hook', 'PRIVATE_ADDRESS'],
  ['a name inside a network', 'https://hooks.internal/hook', 'PRIVATE_ADDRESS'],
  ['the metadata of a cloud', 'https://169.254.169.254/latest', 'PRIVATE_ADDRESS'],
  ['a very long one', `https://example.com/${'x'.repeat(2_048)}`, 'TOO_LONG'],
])('a webhook at %s is refused, with its path', { timeout: 20_000 }, async (_name, url, code) => {
  await using receiver = await startReceiver();
  await using gateway = await startFor(receiver);
  const issues = [{ path: ['webhook', 'url'], code }];
  expect(await create(gateway, { prompt: 'a lighthouse', webhook: { url } })).toMatchObject({ issues });
  expect(gateway.gateway.sandbox?.tasks()).toEqual([]);
});

test('a webhook for nothing is refused, beside whatever else is wrong', async () => {
  await using receiver = await startReceiver();
  await using gateway = await startFor(receiver);
  const webhook = { url: 'hook', events: [] };
  expect(await create(gateway, { prompt: '', webhook })).toMatchObject({
    issues: [
      { path: ['prompt'], code: 'REQUIRED' },
      { path: ['webhook', 'url'], code: 'NOT_A_URL' },
      { path: ['webhook', 'events'], code: 'REQUIRED' },
    ],
  });
});

test('the same key with another webhook is another request', async () => {
  await using receiver = await startReceiver();
  await using gateway = await startFor(receiver);
  const url = `${receiver.origin}/hook`;
  const asked = { prompt: 'a lighthouse', idempotencyKey: 'the key' };
  const id = await createTask(gateway, { ...asked, webhook: { url } });
  for (const webhook of [{ url: `${url}2` }, { url, events: ['CHANGED' as const] }, null]) {
    const conflict = { __typename: 'IdempotencyConflictError', task: { id } };
    expect(await create(gateway, { ...asked, webhook })).toMatchObject(conflict);
  }
  for (const events of [undefined, null, ['ENDED' as const], ['ENDED' as const, 'ENDED' as const]]) {
    expect(await createTask(gateway, { ...asked, webhook: { url, ...(events !== undefined && { events }) } })).toBe(id);
  }
});

test('a retry tells the webhook of the task that failed', async () => {
  await using receiver = await startReceiver();
  await using gateway = await startFor(receiver);
  const webhook = { url: `${receiver.origin}/hook` };
  const failed = await createTask(gateway, { prompt: '[fail] a lighthouse', webhook });
  await until(() => receiver.received.length === 1);
  const { retryTask } = await gateway.ask(retryWithWebhook, { id: failed });
  await until(() => receiver.received.length === 2);
  const told = receiver.received.map(read).map(({ data }) => data.id);
  expect(retryTask).toMatchObject({ __typename: 'RetryTaskPayload', task: { id: told[1] } });
  expect(told[0]).toBe(failed);
  expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook']);
});
