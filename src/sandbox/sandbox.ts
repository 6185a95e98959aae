import { once } from 'node:events';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { systemClock, type Clock } from '../kit/clock.ts';
import { silentLogger, type Logger } from '../kit/logger.ts';
import { vendorLimits, type SandboxAction } from './actions.ts';
import { createApi } from './api.ts';
import { createApiServer } from './api-server.ts';
import { createHttpServer, type Handlers } from './http-server.ts';
import { openJournal, type Journal } from './journal.ts';
import { canDraw, openRenderer } from './open-renderer.ts';
import { createResultServer } from './result-server.ts';
import type { Credentials } from './signature.ts';
import { createTaskBook } from './task-book.ts';
import type { SandboxTask } from './task.ts';

export type { SandboxAction } from './actions.ts';
export type { SandboxTask, SandboxTaskStatus } from './task.ts';

export type SandboxOptions = {
  /** Default: 127.0.0.1. */
  host?: string;
  /** 0: any free port. */
  port: number;
  /** For the journal and the rendered files. */
  directory: string;
  /** 1 is real time; 60 makes a 90-second video in 1.5 s. Scales durations and the 12 hours that results live. */
  speed: number;
  /** The same seed gives each task the same duration and end. */
  seed?: number;
  /** The share of tasks that end as FAIL, 0 to 1. */
  failShare?: number;
  /** Requests per second, where they differ from the vendor's. Not scaled by speed. */
  limits?: Partial<Record<SandboxAction, number>>;
  credentials?: Credentials;
  /** Whether results are drawn or placeholders. Default: drawn if the packages for it are installed. */
  draws?: boolean;
  clock?: Clock;
  logger?: Logger;
};

export type Sandbox = AsyncDisposable & {
  /** `http://127.0.0.1:4001` */
  endpoint: string;
  draws: boolean;
  tasks(): readonly SandboxTask[];
  close(): Promise<void>;
};

/** Accepted by default. They open nothing but sandboxes. */
export const sandboxCredentials: { secretId: string; secretKey: string } = {
  secretId: 'sandbox-secret-id',
  secretKey: 'sandbox-secret-key',
};

/**
 * Starts a server that a client of Tencent Cloud MPS can't tell from the vendor's, for the six AIGC actions. A restart with
 * the same directory forgets nothing. Rejects when the port is taken or the journal is damaged.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host = '127.0.0.1', port, directory, draws = canDraw(), logger = silentLogger } = options;
  const handlers = Promise.withResolvers<Handlers>();
  const http = createHttpServer(handlers.promise, logger);
  const renderer = openRenderer(draws);
  let journal: Journal | null = null;

  async function release(): Promise<void> {
    await http.close();
    await renderer[Symbol.asyncDispose]();
    await journal?.close();
  }

  try {
    // The port comes first: a second sandbox by mistake must not touch the first one's journal.
    const endpoint = await listen(http.server, host, port);
    journal = await openJournal(join(directory, 'tasks.jsonl'));
    const {
      clock = systemClock,
      seed = 1,
      failShare = 0,
      speed,
      limits = {},
      credentials = sandboxCredentials,
    } = options;
    const book = createTaskBook({ journal, clock, seed, failShare, speed });
    const api = createApi({ book, limits: { ...vendorLimits, ...limits }, credentials, clock, origin: endpoint });
    const results = createResultServer({ book, renderer, directory: join(directory, 'results'), clock });
    handlers.resolve({ api: createApiServer(api, logger), results: (...call) => results.serve(...call) });
    void results
      .sweep()
      .catch((error: unknown) => logger.warn({ err: error }, 'The sandbox could not delete expired results.'));

    let closing: Promise<void> | undefined;
    const close = () => (closing ??= release());
    return { endpoint, draws, tasks: () => book.all(), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    handlers.resolve(unavailable);
    await release();
    throw error;
  }
}

const unavailable: Handlers = {
  api: { serve: async (_request, response) => void response.destroy(), settle: async () => undefined },
  results: async (_request, response) => void response.destroy(),
};

async function listen(server: Server, host: string, port: number): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    // The code stays; the message must say which port is meant, also where two gateways run on one machine.
    if (error instanceof Error) error.message = `The sandbox: ${error.message}. Choose another port by SANDBOX_PORT.`;
    throw error;
  }
  const address = server.address();
  const boundPort = typeof address === 'object' && address ? address.port : port;
  return `http://${reachable(host)}:${boundPort}`;
}

/** An address to connect to, where the server listens on all of them. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
