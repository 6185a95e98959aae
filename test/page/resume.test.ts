import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { resuming } from '../../docs/examples/apollo-client.ts';
import { subscribeResuming } from '../../src/page/client/resume.ts';
import { createImage, followChanges, listTasks } from '../support/documents.ts';
import { socketUrl, startTestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';

test.each([
  ['the page', subscribeResuming],
  ['the example for Apollo Client', (client: Parameters<typeof resuming>[0]) => resuming(client).subscribe],
])(
  'after a lost connection %s goes on after the last change that came, and misses none',
  async (_name, subscribeWith) => {
    await using gateway = await startTestGateway({ createWaitMs: 0 });
    const { tasks } = await gateway.ask(listTasks, { first: 1 });
    const begins: string[] = [];
    /** Remembers from where it was subscribed. */
    class RecordingSocket extends WebSocket {
      override send(data: string): void {
        const { type, payload } = JSON.parse(data);
        if (type === 'subscribe') begins.push(payload.variables.after);
        super.send(data);
      }
    }
    const client = createClient({
      url: socketUrl(gateway.url),
      webSocketImpl: RecordingSocket,
      retryAttempts: 10,
      retryWait: async () => {},
      shouldRetry: () => true,
    });
    const heard: { prompt: string; cursor: string }[] = [];
    const payload = { query: print(followChanges), variables: { after: tasks?.changeCursor } };
    type Data = { taskChanges: { cursor: string; task: { prompt: string; status: string } } };
    const leave = subscribeWith(client)<Data>(payload, {
      next({ data }) {
        if (data?.taskChanges.task.status !== 'DONE') return;
        heard.push({ prompt: data.taskChanges.task.prompt, cursor: data.taskChanges.cursor });
      },
      error: () => {},
      complete: () => {},
    });
    const create = (prompt: string) => gateway.ask(createImage, { input: { prompt, idempotencyKey: prompt } });
    await create('before');
    await until(() => heard.length === 1);
    client.terminate();
    await create('meanwhile');
    await until(() => heard.some(({ prompt }) => prompt === 'meanwhile'));
    expect(begins).toEqual([tasks?.changeCursor, heard[0]?.cursor]);
    leave();
    await client.dispose();
  },
);
