import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

export type Message = {
  type: 'task.ended' | 'task.changed';
  data: { id: string; status: string; revision: number; files: { url: string | null }[] };
};

/**
 * Answers 204 to what is signed with the secret (`npm run keys -- webhook-secret --owner …`), 400 to all else. A message
 * may come twice, and an older one after a newer one: go by `revision`. Should `handle` reject, it is sent again.
 */
export function createReceiver(secret: string, handle: (message: Message) => Promise<void>): Server {
  const webhook = new Webhook(secret);
  return createServer(async (request, response) => {
    const answer = (status: number): unknown => response.writeHead(status).end();
    try {
      const body = await text(request);
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      webhook.verify(body, Object.fromEntries(headers));
      await handle(JSON.parse(body)).then(
        () => answer(204),
        () => answer(500),
      );
    } catch {
      answer(400);
    }
  });
}
