import { once } from 'node:events';
import type { Server } from 'node:http';

/** Resolves to the port that it listens on. */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Can't listen on ${host}, port ${port}: ${why}. Choose others by HOST and PORT.`, { cause });
  }
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

/** An address that works in a browser on the same machine. */
export function displayHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
