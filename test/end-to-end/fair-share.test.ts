import { print } from 'graphql';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { findHeldTasks } from '../../src/store/submitting.ts';
import { buildToken, withSecret } from '../http/token-issuer.ts';
import { makeKeyFor } from '../support/api-keys.ts';
import { createImage } from '../support/documents.ts';
import { openAccess, startTestGateway } from '../support/gateway.ts';

const secret = 'a secret that the backend and the gateway share';
const tokens = { keys: { secret }, issuer: null, audience: null, ownerClaim: 'sub', shareClaim: 'tenant' };
const access = { ...openAccess, modes: ['api-key', 'jwt'] as const, tokens };

function tokenOf(sub: string, tenant?: string): string {
  const exp = Math.floor(Date.now() / 1_000) + 600;
  return buildToken({ alg: 'HS256' }, { sub, exp, ...(tenant !== undefined && { tenant }) }, withSecret(secret));
}

async function create(url: string, bearer: string): Promise<void> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify({
      query: print(createImage),
      variables: { input: { prompt: 'a kite', model: { name: 'GEM' } } },
    }),
  });
  expect(await response.json()).toMatchObject({ data: { createImageTask: { __typename: 'CreateImageTaskPayload' } } });
}

test('the end users of a tenant have one share of the sending together, where its claim is named', async () => {
  await using running = await startTestGateway({ access, submissions: 'paused', createWaitMs: 0 });
  const users = ['ada', 'grace', 'mary'].map((user) => tokenOf(user, 'acme'));
  for (const bearer of [...users, ...users]) await create(running.url, bearer);
  for (const bearer of Array.from({ length: 3 }, () => tokenOf('alone'))) await create(running.url, bearer);
  await create(running.url, await makeKeyFor(running, 'backend'));

  await using database = createDatabase({ connectionString: running.config.databaseUrl ?? '' }, silentLogger);
  const { account } = await database.selectFrom('task').select('account').executeTakeFirstOrThrow();
  const { tasks } = await findHeldTasks(database, account, { kind: 'IMAGE', limit: 100 });
  const order = tasks.map(({ owner, shareGroup }) => `${owner} of ${shareGroup}`);
  expect(order.slice(0, 7)).toEqual([
    'ada of acme',
    'alone of alone',
    'backend of backend',
    'grace of acme',
    'alone of alone',
    'mary of acme',
    'alone of alone',
  ]);
});
