import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startTestServer } from './test-server.ts';

const crowd = 1_000;
const systemBound = '/proc/sys/net/core/somaxconn';
const canTell = existsSync(systemBound) && Number(readFileSync(systemBound, 'utf8')) >= crowd;

/** Connections to a port that the kernel has made already, whether or not this process has taken them. */
function countEstablished(port: number): number {
  const remote = port.toString(16).toUpperCase().padStart(4, '0');
  const established = new RegExp(`^ *\\d+: \\S+ \\S+:${remote} 01 `, 'gm');
  return readFileSync('/proc/net/tcp', 'utf8').match(established)?.length ?? 0;
}

test.skipIf(!canTell)('a crowd that comes back at once is connected before any of it is answered', async () => {
  await using server = await startTestServer();
  const sockets = Array.from({ length: crowd }, () => connect(server.port, '127.0.0.1'));
  const connected = Promise.all(sockets.map((socket) => once(socket, 'connect')));
  // All of them connect in this turn of the loop, and the server takes none before the next. Those for whom there is no
  // room in its queue would be tried again by the kernel after 1, 3, 7, 15 and 31 seconds.
  const established = await new Promise((resolve) => process.nextTick(() => resolve(countEstablished(server.port))));
  expect(established).toBe(crowd);
  await connected;
  for (const socket of sockets) socket.destroy();
});
