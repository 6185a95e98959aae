import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { answerCommands } from './child.ts';
import { collectGarbage } from './garbage.ts';
import { type LiveServer, startLiveBareGraphQLWs, startLiveGateway } from './live-servers.ts';

/** The child of idle-memory.ts: the server that is named. */
const [kind] = z.tuple([z.enum(['gateway', 'bare'])]).parse(process.argv.slice(2));

let server: LiveServer | null = null;

answerCommands(z.object({ kind: z.enum(['start', 'measure', 'stop']) }), async (command) => {
  if (command.kind === 'start') {
    server = await (kind === 'gateway' ? startLiveGateway() : startLiveBareGraphQLWs());
    return { url: server.url, taskId: await server.addTask() };
  }
  if (command.kind === 'stop') return await server?.[Symbol.asyncDispose]();
  // Twice: what the first one finds to be garbage may hold more, and pages are given back in between.
  for (let turn = 0; turn < 2; turn += 1) {
    collectGarbage();
    await delay(1_000);
  }
  return process.memoryUsage().rss;
});
