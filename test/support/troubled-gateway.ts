import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import type { GatewayOverrides } from '../../src/gateway/gateway.ts';
import { sandboxCredentials, startSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createImage } from './documents.ts';
import { startFaultyProxy, type FaultyProxy } from './faulty-proxy.ts';
import { startTestGateway, wideLimits, type TestGateway } from './gateway.ts';

export type TroubledUpstream = AsyncDisposable & {
  sandbox: Sandbox;
  proxy: FaultyProxy;
  /** For a gateway's configuration. */
  config: NonNullable<Config['upstream']>;
  /** How many tasks the upstream has made of a prompt: more than one was paid for twice. */
  countOf(prompt: string): number;
  /** The prompts of which it has made more than one. */
  paidTwice(): string[];
};

/** The sandbox behind a network that does what it is told. */
export async function startTroubledUpstream({ speed = 200 } = {}): Promise<TroubledUpstream> {
  await using starting = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'troubled-'));
  starting.defer(() => rm(directory, { recursive: true, force: true }));
  const sandbox = starting.use(await startSandbox({ port: 0, directory, speed, limits: wideLimits }));
  const proxy = starting.use(await startFaultyProxy({ target: sandbox.endpoint }));
  const running = starting.move();
  return {
    sandbox,
    proxy,
    config: { endpoint: proxy.endpoint, region: null, credentials: sandboxCredentials },
    countOf: (prompt) => sandbox.tasks().filter(({ request }) => request.Prompt === prompt).length,
    paidTwice() {
      const counts = Map.groupBy(sandbox.tasks(), ({ request }) => request.Prompt ?? '');
      return [...counts].filter(([, made]) => made.length > 1).map(([prompt]) => prompt);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export type TroubledGateway = TestGateway & { upstream: TroubledUpstream };

/** A whole gateway in front of it. */
export async function startTroubledGateway(
  changes: Partial<Config> = {},
  overrides: GatewayOverrides = {},
): Promise<TroubledGateway> {
  await using starting = new AsyncDisposableStack();
  const upstream = starting.use(await startTroubledUpstream());
  const gateway = starting.use(await startTestGateway({ upstream: upstream.config, ...changes }, overrides));
  const running = starting.move();
  return { ...gateway, upstream, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** The id of a new image task. */
export async function createImageTask(
  gateway: Pick<TestGateway, 'ask'>,
  prompt: string,
  idempotencyKey?: string,
): Promise<string> {
  const { createImageTask: result } = await gateway.ask(createImage, {
    input: { prompt, ...(idempotencyKey !== undefined && { idempotencyKey }) },
  });
  if (result?.__typename !== 'CreateImageTaskPayload') throw new Error(JSON.stringify(result));
  return result.task.id;
}
