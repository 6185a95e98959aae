import { print } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connect, createImage, follow, type Task } from '../../docs/examples/graphql-ws.ts';
import { graphql } from '../generated/index.ts';
import { makeKeyFor, revokeKeyOf } from '../support/api-keys.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { openAccess, socketUrl, startTestGateway } from '../support/gateway.ts';

const secret = 'a secret that the backend and the gateway share';

const guarded = {
  access: {
    ...openAccess,
    modes: ['api-key', 'jwt'] as const,
    tokens: { keys: { secret }, issuer: null, audience: null, ownerClaim: 'sub', shareClaim: 'tenant' },
    rateLimit: 100,
  },
};

const whoAmI = graphql(`
  query WhoAmI {
    viewer {
      owner
    }
  }
`);

async function makeToken(owner: string, lifeSeconds: number): Promise<string> {
  const expiresAt = Math.floor(Date.now() / 1_000) + lifeSeconds;
  const token = new SignJWT({ sub: owner }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(expiresAt);
  return await token.sign(new TextEncoder().encode(secret));
}

async function ask(url: string, authorization: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query: print(whoAmI) }),
  });
  return { status: response.status, ...(await response.json()) };
}

/** With which code the socket of a client that only listens is closed. */
function listenUntilClosed(url: string, authorization: string): { closed: Promise<number>; client: Client } {
  const { promise: closed, resolve } = Promise.withResolvers<number>();
  const client = createClient({
    url: socketUrl(url),
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
    on: { closed: (event) => resolve(event instanceof Object && 'code' in event ? Number(event.code) : 0) },
  });
  client.subscribe({ query: 'subscription { taskChanges { __typename } }' }, { next() {}, error() {}, complete() {} });
  return { closed, client };
}

test('a backend with a key and a browser with a token share an owner’s tasks, and nobody else sees them', async () => {
  await using running = await startTestGateway(guarded);
  const key = await makeKeyFor(running, 'acme');
  const token = await makeToken('acme', 600);
  const stranger = await makeToken('another owner', 600);
  expect(await ask(running.url, `Bearer ${key}`)).toEqual({ status: 200, data: { viewer: { owner: 'acme' } } });
  expect(await ask(running.url, `Bearer ${key}x`)).toMatchObject({ status: 401 });

  const [backend, browser, other] = [key, token, stranger].map((text) => connect(socketUrl(running.url), () => text));
  if (!backend || !browser || !other) throw new Error('There are three.');
  const { id } = await createImage(backend, 'a lighthouse at dawn', 'one');
  const states: Task[] = [];
  for await (const state of follow(browser, id)) states.push(state);
  expect(states.at(-1)).toMatchObject({ id, status: 'DONE' });
  await expect(follow(other, id).next()).rejects.toThrow('No task with this id');
  await Promise.all([backend, browser, other].map(async (client) => await client.dispose()));
});

test('a revoked key ends its sockets within ten seconds, an expired token its own, and others stay', async () => {
  // Twice as fast: what takes ten seconds takes five.
  const clock = createFastClock(2);
  await using running = await startTestGateway(guarded, { clock });
  const [revoked, kept] = [await makeKeyFor(running, 'acme'), await makeKeyFor(running, 'acme')];
  const token = await makeToken('acme', 12);
  const [first, second, third] = [revoked, kept, token].map((text) => listenUntilClosed(running.url, `Bearer ${text}`));
  if (!first || !second || !third) throw new Error('There are three.');
  let keptIsClosed = false;
  void second.closed.then(() => (keptIsClosed = true));

  expect(await ask(running.url, `Bearer ${revoked}`)).toMatchObject({ status: 200 });
  const before = clock.monotonic();
  await revokeKeyOf(running, revoked);
  expect(await first.closed).toBe(4403);
  expect(clock.monotonic() - before).toBeLessThan(10_000);
  expect(await ask(running.url, `Bearer ${revoked}`)).toMatchObject({ status: 401 });
  expect(await third.closed).toBe(4403);
  expect(await ask(running.url, `Bearer ${kept}`)).toMatchObject({ status: 200 });
  expect(keptIsClosed).toBe(false);
  await Promise.all([first, second, third].map(async ({ client }) => await client.dispose()));
});

test('the start says who reaches it, and offers GraphiQL only where there is one', async () => {
  await using usual = await startTestGateway();
  const everywhere = { host: '0.0.0.0', access: { ...openAccess, allowOpen: true, graphiql: false } };
  await using open = await startTestGateway(everywhere);
  const factsOf = ({ gateway }: typeof usual) => gateway.facts.join('\n');
  expect(factsOf(usual)).toContain(`anyone who reaches ${usual.url}, as`);
  expect(factsOf(usual)).toContain('/graphql  (open it in a browser for GraphiQL; WebSocket on the same path)');
  expect(factsOf(open)).toContain(`anyone who reaches this machine's port ${new URL(open.url).port}, as`);
  expect(factsOf(open)).toContain('/graphql  (WebSocket on the same path)');
});
