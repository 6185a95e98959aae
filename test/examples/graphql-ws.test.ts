import { expect, test } from 'vitest';
import { connect, createImage, follow, type Task } from '../../docs/examples/graphql-ws.ts';
import { socketUrl, startTestGateway } from '../support/gateway.ts';

test('the example for graphql-ws creates an image and follows it to its end', async () => {
  await using running = await startTestGateway();
  await using client = disposable(connect(socketUrl(running.url)));
  const created = await createImage(client, 'a lighthouse at dawn', 'example');

  const states: Task[] = [];
  for await (const state of follow(client, created.id)) states.push(state);

  expect(states.at(-1)).toMatchObject({ id: created.id, status: 'DONE', failure: null });
  expect((await fetch(states.at(-1)?.files[0]?.url ?? '')).status).toBe(200);
});

test('the example for graphql-ws makes one task of a mutation that is sent twice', async () => {
  await using running = await startTestGateway();
  await using client = disposable(connect(socketUrl(running.url)));
  const first = await createImage(client, 'a lighthouse at dawn', 'example');
  const again = await createImage(client, 'a lighthouse at dawn', 'example');

  expect(again.id).toBe(first.id);
  expect(running.gateway.sandbox?.tasks()).toHaveLength(1);
});

test('the example for graphql-ws throws what is wrong with an input, and what became of an unknown id', async () => {
  await using running = await startTestGateway();
  await using client = disposable(connect(socketUrl(running.url)));

  await expect(createImage(client, 'x'.repeat(1_001), 'example')).rejects.toThrow(
    'prompt: The prompt has 1001 characters; the upstream takes at most 1000.',
  );
  await expect(follow(client, 'unknown').next()).rejects.toThrow('No task with this id');
});

function disposable(client: ReturnType<typeof connect>) {
  return Object.assign(client, { [Symbol.asyncDispose]: async () => await client.dispose() });
}
