import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Connection } from '../../src/embedded-postgres/endpoint.ts';

export type TcpProxy = AsyncDisposable & {
  port: number;
  /** Connections that were made since the beginning. */
  accepted(): number;
  /** What a cable that was pulled does: today's connections stay open, and nothing comes through them any more. */
  freeze(): void;
  /** The next statement with this text is held back until `deliver`, even when its sender is dead by then. */
  holdStatement(text: string): void;
  /** The next statement with this text reaches the server; what that answers is held back until `deliver`. */
  holdAnswerTo(text: string): void;
  /** Resolves when there is something to deliver for each of these. */
  untilHeld(): Promise<void>;
  deliver(): void;
  /** Ends today's connections, and drops what is held on its way through them. */
  cut(): void;
  /** Ends today's connections, and every new one until `comeBack`. */
  goAway(): void;
  comeBack(): void;
};

type Pair = { client: Socket; upstream: Socket; statements: Valve; answers: Valve };

type Hold = { text: string; what: 'statement' | 'answer'; held: PromiseWithResolvers<void> };

/** Stands between clients and a PostgreSQL server. New connections work, unless it has gone away. */
export async function startTcpProxy(server: Connection): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let planned: Hold[] = [];
  const held: Promise<void>[] = [];
  let accepted = 0;
  let isAway = false;

  function hold(what: Hold['what'], text: string): void {
    const plan = { text, what, held: Promise.withResolvers<void>() };
    planned.push(plan);
    held.push(plan.held.promise);
  }

  function cut(): void {
    for (const { client, upstream } of pairs) {
      client.destroy();
      upstream.destroy();
    }
    pairs.clear();
  }

  const proxy = createServer((client) => {
    accepted += 1;
    if (isAway) return void client.destroy();
    const upstream = server.host.startsWith('/')
      ? connect(join(server.host, `.s.PGSQL.${server.port}`))
      : connect(server.port, server.host);
    const [statements, answers] = [createValve(upstream), createValve(client)];
    const pair = { client, upstream, statements, answers };
    pairs.add(pair);
    const end = (): void => {
      client.destroy();
      // What a process has sent may still arrive after its death.
      if (statements.isShut()) return;
      upstream.destroy();
      pairs.delete(pair);
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.on('data', (chunk: Buffer) => {
      // Before it is passed on: no answer can come earlier.
      const plan = planned.find(({ text }) => chunk.includes(text));
      planned = planned.filter((other) => other !== plan);
      if (plan) (plan.what === 'statement' ? statements : answers).shut(plan.held.resolve);
      statements.pass(chunk);
    });
    upstream.on('data', answers.pass);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    accepted: () => accepted,
    freeze() {
      for (const { client, upstream } of pairs) {
        client.pause();
        upstream.pause();
      }
    },
    holdStatement: (text) => hold('statement', text),
    holdAnswerTo: (text) => hold('answer', text),
    async untilHeld() {
      await Promise.all(held);
    },
    deliver() {
      for (const { statements, answers } of pairs) {
        statements.open();
        answers.open();
      }
    },
    cut,
    goAway() {
      isAway = true;
      cut();
    },
    comeBack() {
      isAway = false;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(proxy, 'close');
      proxy.close();
      cut();
      await closed;
    },
  };
}

type Valve = ReturnType<typeof createValve>;

/** What comes through on its way to a socket, in one direction; shut, it keeps what comes for later. */
function createValve(to: Socket) {
  let kept: Buffer[] | null = null;
  let tellKept = (): void => {};
  return {
    pass(chunk: Buffer): void {
      if (kept === null) return void to.write(chunk);
      kept.push(chunk);
      tellKept();
    },
    shut(onKept: () => void): void {
      kept ??= [];
      tellKept = onKept;
    },
    isShut: (): boolean => kept !== null,
    open(): void {
      for (const chunk of kept ?? []) to.write(chunk);
      kept = null;
    },
  };
}
