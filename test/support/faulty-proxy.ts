import { once } from 'node:events';
import { Agent, createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * What the network can do to a call. "Lost" means that the target never hears of it; with "accepted" the target
 * has answered, and the client doesn't get to know.
 */
export type Fault =
  | { kind: 'lost-reset' }
  | { kind: 'lost-hang' }
  | { kind: 'accepted-reset' }
  | { kind: 'accepted-hang' }
  | { kind: 'delay'; ms: number }
  /** Any HTTP answer: a 500, a 302, HTML, broken JSON, nothing, a huge body. `accepted`: the target hears the call too. */
  | { kind: 'answer'; status?: number; headers?: Record<string, string>; body: string; accepted?: boolean }
  /** HTTP 200 with this as `Response`: an error code of the vendor's, an unknown status… */
  | { kind: 'response'; response: Record<string, unknown>; afterMs?: number };

/**
 * `action`: only calls of this X-TC-Action (all, unless told). `taskId`: only those about such a task. `prompt`: only
 * those with this text in them. `times`: only so many calls (all, unless told).
 */
export type Rule = Fault & { action?: string; taskId?: (id: string) => boolean; prompt?: string; times?: number };

export type FaultyProxy = AsyncDisposable & {
  endpoint: string;
  /** The first rule that fits a call applies. */
  fault(rule: Rule): void;
  /** Hangs up on new connections before anything is read, until `clear`. */
  resetConnections(): void;
  /** Stops listening, so that connecting is refused, until `clear`. */
  refuseConnections(): Promise<void>;
  /** Forgets all faults, and listens again. */
  clear(): Promise<void>;
  /** Every call that came, in order, whatever became of it. */
  readonly requests: readonly { action: string; taskId?: string }[];
};

/** Stands between a client and an HTTP server. Host and body pass as they came, so that signatures stay valid. */
export async function startFaultyProxy({ target }: { target: string }): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: false });
  const requests: { action: string; taskId?: string }[] = [];
  let rules: Rule[] = [];
  let isResetting = false;

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket: Socket) => {
    if (isResetting) socket.resetAndDestroy();
  });
  await listen(0);
  const address = server.address();
  const ownPort = typeof address === 'object' && address ? address.port : 0;

  async function listen(onPort: number): Promise<void> {
    server.listen(onPort, '127.0.0.1');
    await once(server, 'listening');
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const action = String(request.headers['x-tc-action'] ?? '');
    const taskId = /"TaskId"\s*:\s*"([^"]*)"/.exec(body.toString())?.[1];
    requests.push(taskId === undefined ? { action } : { action, taskId });

    const rule = takeRule({ action, taskId, body: body.toString() });
    switch (rule?.kind) {
      case undefined:
        return pass(request, body, response);
      case 'delay':
        await delay(rule.ms);
        return pass(request, body, response);
      case 'lost-hang':
        return;
      case 'accepted-hang':
        await call(request, body);
        return;
      case 'accepted-reset':
        await call(request, body);
        request.socket.resetAndDestroy();
        return;
      case 'lost-reset':
        request.socket.resetAndDestroy();
        return;
      case 'answer':
        if (rule.accepted) await call(request, body);
        response.writeHead(rule.status ?? 200, { 'Content-Type': 'application/json', ...rule.headers }).end(rule.body);
        return;
      case 'response':
        await delay(rule.afterMs ?? 0);
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ Response: { RequestId: 'made-up-by-the-proxy', ...rule.response } }));
    }
  }

  function takeRule({ action, taskId, body }: { action: string; taskId: string | undefined; body: string }) {
    const fits = (rule: Rule): boolean =>
      (rule.action === undefined || rule.action === action) &&
      (rule.taskId === undefined || (taskId !== undefined && rule.taskId(taskId))) &&
      (rule.prompt === undefined || body.includes(rule.prompt));
    const rule = rules.find(fits);
    if (rule?.times !== undefined) {
      rule.times -= 1;
      if (rule.times <= 0) rules = rules.filter((other) => other !== rule);
    }
    return rule;
  }

  async function call(request: IncomingMessage, body: Buffer): Promise<{ head: IncomingMessage; body: Buffer }> {
    const { method, url: path, rawHeaders: headers } = request;
    const outgoing = forward({ agent, hostname, port, method, path, headers, setHost: false });
    outgoing.end(body);
    const head = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject);
    });
    return { head, body: await readAll(head) };
  }

  async function pass(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const answer = await call(request, body);
    response.writeHead(answer.head.statusCode ?? 502, answer.head.rawHeaders).end(answer.body);
  }

  async function stopListening(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  return {
    endpoint: `http://127.0.0.1:${ownPort}`,
    requests,
    fault: (rule) => void rules.push({ ...rule }),
    resetConnections() {
      isResetting = true;
      server.closeIdleConnections();
    },
    refuseConnections: stopListening,
    async clear() {
      rules = [];
      isResetting = false;
      if (!server.listening) await listen(ownPort);
    },
    [Symbol.asyncDispose]: stopListening,
  };
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
