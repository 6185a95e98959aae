import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import type { Config } from '../config/config.ts';
import { documentedResultLifeMs } from '../domain/task/following.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import { isLoopbackHost } from '../domain/request/public-host.ts';
import type { Upstream } from '../domain/upstream.ts';
import type { Logger } from '../kit/logger.ts';
import { sandboxCredentials, startSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { createUpstream } from '../upstream/upstream.ts';

export type UpstreamSource = AsyncDisposable & {
  upstream: Upstream;
  sandbox: Sandbox | null;
  /** Where result files lie that may be references although their address is private: a sandbox's. */
  exemptOrigins: string[];
  resultLifeMs: number;
  description: string;
};

export type UpstreamParts = { config: Config; metrics: MetricsSink; clock: Clock; logger: Logger };

/** The vendor when there are credentials, else the sandbox in this process. */
export async function openUpstream({ config, metrics, clock, logger }: UpstreamParts): Promise<UpstreamSource> {
  const { upstreamAccount: accountName, dataDirectory } = config;
  const common = { accountName, clock, onCall: metrics.upstreamCall };
  if (config.upstream !== null) {
    const upstream = createUpstream({ ...config.upstream, ...common });
    const { hostname, origin } = new URL(config.upstream.endpoint);
    // The vendor is not on this machine: what is, is a sandbox.
    const isSandbox = isLoopbackHost(hostname);
    return {
      upstream,
      sandbox: null,
      exemptOrigins: isSandbox ? [origin] : [],
      resultLifeMs: documentedResultLifeMs,
      description: `${origin}, account ${upstream.account}${isSandbox ? '' : ': tasks cost money'}`,
      [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
    };
  }
  await using opening = new AsyncDisposableStack();
  const { speed } = config.sandbox;
  const directory = join(dataDirectory, 'sandbox');
  const limits = config.upstreamLimits;
  const sandbox = opening.use(await startSandbox({ ...config.sandbox, directory, limits, clock, logger }));
  const credentials = sandboxCredentials;
  const upstream = opening.use(
    createUpstream({ ...common, endpoint: sandbox.endpoint, accountHost: 'sandbox', credentials, region: null }),
  );
  const open = opening.move();
  return {
    upstream,
    sandbox,
    exemptOrigins: [sandbox.endpoint],
    // The sandbox's time runs faster, and so do its results expire.
    resultLifeMs: documentedResultLifeMs / speed,
    description: describe(sandbox, speed),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function describe({ endpoint, draws }: Sandbox, speed: number): string {
  const costs = 'nothing costs money (set TENCENTCLOUD_SECRET_ID and _KEY for the real one)';
  const results = draws ? '' : '; results are placeholders, as what draws them is left out of a production install';
  return `the sandbox at ${endpoint}, speed ${speed}: ${costs}${results}`;
}
