import { once } from 'node:events';
import type { Server } from 'node:http';
import { expect, test } from 'vitest';
import { createReceiver, type Message } from '../../docs/examples/webhook-receiver.ts';
import { makeWebhookSecret } from '../../src/domain/task/webhook-secret.ts';
import { startTestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import { createWithWebhook } from '../webhooks/documents.ts';

async function listen(server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

test('the example for webhooks is told of an image that is done, and trusts the gateway alone', async () => {
  const secret = makeWebhookSecret();
  const messages: Message[] = [];
  const handle = async (message: Message) => void messages.push(message);
  await using receiver = await listen(createReceiver(secret, handle));
  await using gateway = await startTestGateway({ webhooks: { secrets: [secret], exemptOrigins: [receiver.url] } });
  await gateway.ask(createWithWebhook, { input: { prompt: 'a lighthouse', webhook: { url: receiver.url } } });
  await until(() => messages.length > 0);

  const [message] = messages;
  expect(message).toMatchObject({ type: 'task.ended', data: { status: 'DONE' } });
  expect((await fetch(message?.data.files[0]?.url ?? '')).status).toBe(200);
  const forged = await fetch(receiver.url, { method: 'POST', body: JSON.stringify(message) });
  expect(forged.status).toBe(400);
  expect(messages).toHaveLength(1);
});
