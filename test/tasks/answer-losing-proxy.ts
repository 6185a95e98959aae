import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Connection } from '../../src/embedded-postgres/endpoint.ts';

export type AnswerLosingProxy = AsyncDisposable & {
  port: number;
  /**
   * Cuts the connection that sends the next statement containing this text: before the server hears of it, or when
   * the server has committed it, or the transaction that it is in, and has said so.
   */
  lose(text: string, when: 'before' | 'committed'): void;
  /** How many connections were cut so far. */
  lost(): number;
};

/** "ReadyForQuery, idle": the last message after a statement outside a transaction, sent when it is committed. */
const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
/** The same within a transaction: nothing is committed yet. */
const readyWithin = Buffer.from([0x5a, 0, 0, 0, 5, 0x54]);

/** Stands between a client and a PostgreSQL server, and loses answers when it is told. */
export async function startAnswerLosingProxy(server: Connection): Promise<AnswerLosingProxy> {
  const planned: { text: string; when: 'before' | 'committed' }[] = [];
  let lost = 0;
  const proxy = createServer((client) => {
    const upstream = connect(join(server.host, `.s.PGSQL.${server.port}`));
    let losing = false;
    let kept: Buffer[] = [];
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    client.on('data', (data) => {
      const [next] = planned;
      const isMeant = next !== undefined && data.includes(next.text);
      if (isMeant) planned.shift();
      if (isMeant && next.when === 'before') {
        lost += 1;
        end();
        return;
      }
      losing ||= isMeant;
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      kept.push(data);
      if (losing && data.includes(ready)) {
        lost += 1;
        end();
      } else if (!losing || data.includes(readyWithin)) {
        client.write(Buffer.concat(kept));
        kept = [];
      }
    });
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    lose: (text, when) => void planned.push({ text, when }),
    lost: () => lost,
    async [Symbol.asyncDispose]() {
      const closed = once(proxy, 'close');
      proxy.close();
      await closed;
    },
  };
}
