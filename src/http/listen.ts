import { once } from 'node:events';
import type { Server } from 'node:http';

/**
 * Connections that the kernel queues. After a restart all clients come back at once; the kernel drops those beyond the
 * backlog, and they retry after 1, 3, 7, 15 and 31 seconds. The system bounds it further (Linux: net.core.somaxconn, 4096).
 */
const backlog = 16_384;

export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  server.listen({ port, host, backlog });
  try {
    await once(server, 'listening');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Can't listen on ${host}, port ${port}: ${why}. Choose others by HOST and PORT.`, { cause });
  }
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

export function displayHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
