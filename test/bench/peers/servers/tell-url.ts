import { once } from 'node:events';
import type { Server } from 'node:http';
import { z } from 'zod';
import { answerCommands } from '../../child.ts';

/** The child's side of a server process: where it listens. It ends with its parent. */
export function tellUrl(url: string): void {
  answerCommands(z.object({}), () => Promise.resolve(url));
}

export async function listenAndTell(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = z.object({ port: z.number() }).parse(server.address());
  tellUrl(`http://127.0.0.1:${address.port}`);
}
