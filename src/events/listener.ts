import { Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { createTimeLimit } from '../kit/time-limit.ts';

export type ListenerHandlers = {
  onNotification(channel: string, payload: string): void;
  /** After each connect, the first one too: whatever was said before was missed. */
  onConnected(): void;
};

const heartbeatMs = 5_000;
const answerMs = 5_000;
const backoffMs = { first: 100, longest: 5_000 };

/**
 * Keeps one connection that listens on some channels until the signal aborts: a heartbeat finds a connection that died
 * without a word, and a lost one is made again with growing pauses. Resolves once it has stopped.
 */
export async function listen(
  connection: ClientConfig,
  channels: readonly string[],
  handlers: ListenerHandlers,
  { clock, logger, signal }: { clock: Clock; logger: Logger; signal: AbortSignal },
): Promise<void> {
  let pauseMs = backoffMs.first;
  while (!signal.aborted) {
    const socket = new Socket();
    const over = new AbortController();
    const client = new Client({
      application_name: 'aigc-task-gateway listen',
      keepAlive: true,
      connectionTimeoutMillis: answerMs,
      ...connection,
      stream: () => socket,
    });
    try {
      const ask = (statement: string): Promise<void> => askWithin(client, statement, clock, signal);
      const lost = rejectWhenLost(client);
      await client.connect();
      client.on('notification', ({ channel, payload }) => handlers.onNotification(channel, payload ?? ''));
      for (const channel of channels) await ask(`listen ${client.escapeIdentifier(channel)}`);
      pauseMs = backoffMs.first;
      handlers.onConnected();
      await Promise.race([lost, beat(ask, clock, AbortSignal.any([signal, over.signal]))]);
    } catch (error) {
      if (!signal.aborted) logger.warn({ error: String(error) }, 'The connection that listens for changes broke.');
    } finally {
      // Without a goodbye: a connection that died without a word would keep us waiting for the answer.
      socket.destroy();
      over.abort();
    }
    if (signal.aborted) return;
    await clock.sleep(pauseMs, signal).catch(() => {});
    pauseMs = Math.min(2 * pauseMs, backoffMs.longest);
  }
}

function rejectWhenLost(client: Client): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  client.on('error', reject);
  client.on('end', () => reject(new Error('The server closed the connection.')));
  // Whoever races it has often stopped waiting by then.
  promise.catch(() => {});
  return promise;
}

/** By the clock, as the heartbeat is. */
async function askWithin(client: Client, statement: string, clock: Clock, signal: AbortSignal): Promise<void> {
  using limit = createTimeLimit(clock, answerMs, signal);
  const answered = client.query(statement).then(() => true);
  // What fails later, with its connection, is not waited for any more.
  answered.catch(() => {});
  if (!(await Promise.race([answered, limit.passed]))) throw new Error(`No answer within ${answerMs} ms.`);
}

async function beat(ask: (statement: string) => Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(heartbeatMs, signal);
    await ask('select 1');
  }
}
