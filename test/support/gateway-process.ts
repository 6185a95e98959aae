import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { sandboxCredentials } from '../../src/sandbox/sandbox.ts';
import { createFrontend, socketUrl, type TestGateway } from './gateway.ts';

export type GatewayProcess = AsyncDisposable &
  Pick<TestGateway, 'send' | 'ask' | 'watch'> & {
    url: string;
    pid: number;
    /** From its start until it told where it listens. */
    bootMs: number;
    /** What it has said so far. */
    output(): string;
    /** With which code the WebSocket was closed, once it was. */
    closeCode(): number | null;
    signal(name: NodeJS.Signals): void;
    /** Sends it, and waits for the end. */
    end(name: NodeJS.Signals): Promise<Exit>;
    exit: Promise<Exit>;
  };

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** What `npm start` runs: the bundle. */
const start = join(import.meta.dirname, '../../src/start.js');

/** Wide limits: tests that are not about limits never meet one. */
const upstreamLimits = ['Image', 'Video', 'Audio']
  .flatMap((kind) => [`CreateAigc${kind}Task=200`, `DescribeAigc${kind}Task=200`])
  .join(',');

/** The environment of a gateway in front of an upstream that accepts the sandbox's credentials. */
export function upstreamEnvironment(endpoint: string): Record<string, string> {
  return {
    TENCENTCLOUD_ENDPOINT: endpoint,
    TENCENTCLOUD_SECRET_ID: sandboxCredentials.secretId,
    TENCENTCLOUD_SECRET_KEY: sandboxCredentials.secretKey,
  };
}

/** The gateway as an operator starts it, in a process of its own, ready to be used. `directory` is its DATA_DIR. */
export async function startGatewayProcess(
  directory: string,
  environment: Record<string, string>,
  program: string = start,
): Promise<GatewayProcess> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [program], {
    cwd: directory,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      SANDBOX_PORT: '0',
      LOG_LEVEL: 'error',
      DATA_DIR: directory,
      UPSTREAM_LIMITS: upstreamLimits,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid = Number.NaN } = child; // without one, it ends at once
  const exit = once(child, 'exit').then(([code, signal]): Exit => ({ code, signal }));
  const said: string[] = [];
  const { promise: listening, resolve: tellUrl } = Promise.withResolvers<string>();
  const listenTo = (line: string): void => {
    said.push(line);
    const url = /^GraphQL\s+(\S+)\/graphql/.exec(line)?.[1];
    if (url !== undefined) tellUrl(url);
  };
  createInterface(child.stdout).on('line', listenTo);
  createInterface(child.stderr).on('line', listenTo);
  const failed = exit.then(() => {
    throw new Error(`The gateway ended before it was ready:\n${said.join('\n')}`);
  });
  const url = await Promise.race([listening, failed]);
  failed.catch(() => {});
  const bootMs = performance.now() - startedAt;

  let closeCode: number | null = null;
  const client = createClient({
    url: socketUrl(url),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    on: { closed: (event) => void (closeCode = event instanceof Object && 'code' in event ? Number(event.code) : 0) },
  });
  const end = async (name: NodeJS.Signals): Promise<Exit> => {
    child.kill(name);
    return await exit;
  };
  return {
    url,
    pid,
    bootMs,
    ...createFrontend(url, client),
    output: () => said.join('\n'),
    closeCode: () => closeCode,
    signal: (name) => void child.kill(name),
    end,
    exit,
    async [Symbol.asyncDispose]() {
      await end('SIGKILL');
      await client.dispose();
    },
  };
}
