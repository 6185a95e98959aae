import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import type { Config } from '../config/config.ts';
import { leaseTimes, type LeaseKeeper } from '../domain/lease.ts';
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

/**
 * Takes the lease of an embedded sandbox's account before anything else is started. Rejects, in words for an operator,
 * where another gateway holds it: that one has a sandbox of its own, and neither sandbox knows the other's tasks.
 */
export async function claimSandboxAccount(keeper: Pick<LeaseKeeper, 'acquire'>, account: string): Promise<void> {
  if ((await keeper.acquire()) !== null) return;
  throw new Error(
    `Another gateway on this database runs a sandbox of its own for the account ${account}, and a sandbox knows only the ` +
      'tasks that it was sent itself. Start one sandbox with `npm run sandbox` and name it to all gateways by ' +
      'TENCENTCLOUD_ENDPOINT, TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY; or give this gateway another ' +
      'DATABASE_URL or UPSTREAM_ACCOUNT. If the other gateway was killed, start this one again in ' +
      `${leaseTimes.lastsMs / 1_000} seconds.`,
  );
}
