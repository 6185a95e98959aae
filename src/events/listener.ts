import { Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';
import { createBackoff } from '../kit/backoff.ts';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { createTimeLimit } from '../kit/time-limit.ts';

export type ListenerHandlers = {
  onNotification(channel: string, payload: string): void;
  /** After each connect, also the first one: earlier notifications were missed. */
  onConnected(): void;
};

const heartbeatMs = 5_000;
const answerMs = 5_000;
const pauses = { firstMs: 100, maxMs: 5_000 };

/**
 * Keeps one connection that listens on some channels. Resolves once it has stopped.
 *
 * | state      | what may happen                                        | next       | who sees it                      |
 * | ---------- | ------------------------------------------------------ | ---------- | -------------------------------- |
 * | connecting | The server accepts, and every LISTEN is answered.      | listening  | onConnected                      |
 * |            | An error, or no answer within 5 s.                     | pausing    | a warning in the log             |
 * | listening  | A notification comes.                                  | listening  | onNotification                   |
 * |            | The connection ends, or a heartbeat is not answered.   | pausing    | a warning in the log             |
 * | pausing    | The pause is over: 100 ms, doubled up to 5 s.          | connecting |                                  |
 * | any        | The signal aborts.                                     | stopped    | the promise                      |
 */
export async function listen(
  connection: ClientConfig,
  channels: readonly string[],
  handlers: ListenerHandlers,
  { clock, logger, signal }: { clock: Clock; logger: Logger; signal: AbortSignal },
): Promise<void> {
  const backoff = createBackoff(pauses);
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
      const query = (statement: string): Promise<void> => queryWithin(client, statement, clock, signal);
      const lost = rejectWhenLost(client);
      await client.connect();
      client.on('notification', ({ channel, payload }) => handlers.onNotification(channel, payload ?? ''));
      for (const channel of channels) await query(`listen ${client.escapeIdentifier(channel)}`);
      backoff.reset();
      handlers.onConnected();
      await Promise.race([lost, beat(query, clock, AbortSignal.any([signal, over.signal]))]);
    } catch (error) {
      if (!signal.aborted) logger.warn({ error: String(error) }, 'The connection that listens for changes broke.');
    } finally {
      // Without closing it in order: a dead connection would keep us waiting for the answer.
      socket.destroy();
      over.abort();
    }
    if (signal.aborted) return;
    await clock.sleep(backoff.nextMs(), signal).catch(() => {});
  }
}

function rejectWhenLost(client: Client): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  client.on('error', reject);
  client.on('end', () => reject(new Error('The server closed the connection.')));
  // It often rejects after the race is over.
  promise.catch(() => {});
  return promise;
}

async function queryWithin(client: Client, statement: string, clock: Clock, signal: AbortSignal): Promise<void> {
  using limit = createTimeLimit(clock, answerMs, signal);
  const answered = client.query(statement).then(() => true);
  // It may reject later, with its connection.
  answered.catch(() => {});
  if (!(await Promise.race([answered, limit.passed]))) throw new Error(`No answer within ${answerMs} ms.`);
}

async function beat(query: (statement: string) => Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(heartbeatMs, signal);
    await query('select 1');
  }
}
