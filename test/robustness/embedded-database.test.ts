import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.ts';
import { readTask } from '../support/documents.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createImageTask } from '../support/troubled-gateway.ts';
import { untilEnded } from '../support/until-ended.ts';

const environment = { SANDBOX_SPEED: '200', UPSTREAM_ACCOUNT: 'test' };

async function readStatus(gateway: GatewayProcess, id: string): Promise<string | undefined> {
  const { task } = await gateway.ask(readTask, { id });
  return task?.__typename === 'ImageTask' ? `${task.status} after ${task.history.length} lines` : undefined;
}

test(
  'the embedded database survives its gateway’s violent end, and keeps what was there',
  { timeout: 60_000 },
  async () => {
    await using directory = await createTemporaryDirectory();
    await using stack = new AsyncDisposableStack();
    // Whatever becomes of the test, no server is left behind.
    stack.defer(async () => {
      const server = await startEmbeddedPostgres({ directory: join(directory.path, 'postgres'), logger: silentLogger });
      await server.stop();
    });

    await using first = await startGatewayProcess(directory.path, environment);
    const id = await createImageTask(first, 'kept');
    await untilEnded(first, id);
    const before = await readStatus(first, id);
    expect(before).toMatch(/^DONE after [34] lines$/);
    await first.end('SIGKILL');

    await using adopting = await startGatewayProcess(directory.path, environment);
    expect(await readStatus(adopting, id)).toBe(before);
    expect(await adopting.end('SIGTERM')).toEqual({ code: 0, signal: null });

    await using existing = await startGatewayProcess(directory.path, environment);
    expect(await readStatus(existing, id)).toBe(before);
    expect(await existing.end('SIGTERM')).toEqual({ code: 0, signal: null });

    const seconds = (gateway: GatewayProcess): string => `${(gateway.bootMs / 1_000).toFixed(2)} s`;
    console.log(`boot: fresh ${seconds(first)}, adopting ${seconds(adopting)}, existing ${seconds(existing)}`);
    expect(Math.max(first.bootMs, adopting.bootMs, existing.bootMs)).toBeLessThan(15_000);
  },
);
