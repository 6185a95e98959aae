import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { sandboxCredentials } from '../../src/sandbox/sandbox.ts';
import { startBenchGatewayOn, type BenchGateway } from './bench-gateway.ts';
import { startChild } from './child.ts';

export type BusyGateway = BenchGateway & AsyncDisposable & { countCalls(action: string): Promise<number> };

/**
 * A gateway that sends and polls at raised limits; its vendor, the sandbox at that speed, is a process of its own. At 1 a
 * picture takes some 8 s. `limit`: images a second that may be created, and polled.
 */
export async function startBusyGateway({ speed, limit }: { speed: number; limit: number }): Promise<BusyGateway> {
  await using starting = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
  starting.defer(() => rm(directory, { recursive: true, force: true }));
  const file = new URL('sandbox-process.ts', import.meta.url);
  const vendor = starting.use(startChild(file, [join(directory, 'vendor'), String(speed), String(limit)]));
  const gateway = starting.use(
    await startBenchGatewayOn(join(directory, 'data'), {
      SUBMISSIONS: 'on',
      TENCENTCLOUD_ENDPOINT: z.string().parse(await vendor.call({})),
      TENCENTCLOUD_SECRET_ID: sandboxCredentials.secretId,
      TENCENTCLOUD_SECRET_KEY: sandboxCredentials.secretKey,
      UPSTREAM_LIMITS: `CreateAigcImageTask=${limit},DescribeAigcImageTask=${limit}`,
    }),
  );
  const running = starting.move();
  return {
    ...gateway,
    countCalls: (action) => countCalls(gateway.url, action),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** That the vendor has answered so far. */
async function countCalls(url: string, action: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const count = new RegExp(`^gateway_upstream_calls_total\\{action="${action}",outcome="ok"\\} (\\d+)`, 'm').exec(text);
  return Number(count?.[1] ?? 0);
}
