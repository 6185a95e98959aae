import type { TlsOptions } from 'node:tls';
import { afterEach, beforeEach } from 'vitest';
import { startVendorServer, type Respond, type VendorServer } from '../upstream/vendor-server.ts';

export type TestServer = VendorServer & { origin: string };

/** Servers on this machine that a test file starts and that are gone after each test. */
export function useServers(): (
  respond: Respond,
  options?: Parameters<typeof startVendorServer>[1],
) => Promise<TestServer> {
  let running: AsyncDisposableStack;
  beforeEach(() => {
    running = new AsyncDisposableStack();
  });
  afterEach(() => running.disposeAsync());

  return async (respond, options = {}) => {
    const server = running.use(await startVendorServer(respond, options));
    return Object.assign(server, { origin: originOf(server.port, options.tls) });
  };
}

function originOf(port: number, tls: TlsOptions | undefined): string {
  return `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
}
