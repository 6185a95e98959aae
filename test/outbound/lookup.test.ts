import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { createLookup } from '../../src/outbound/lookup.ts';
import { createPublicRequests } from '../../src/outbound/public-requests.ts';
import { startDnsServer, type DnsServer } from './dns-server.ts';

let server: DnsServer;
beforeEach(async () => {
  server = await startDnsServer([10, 1, 2, 3]);
});
afterEach(() => server[Symbol.asyncDispose]());

test('asks the DNS for a name, for addresses of both kinds', async () => {
  expect(await createLookup([server.address])('files.example.com')).toEqual(['10.1.2.3']);
  expect(server.questions).toEqual(['files.example.com', 'files.example.com']);
});

test('rejects for a name that nobody has', async () => {
  await expect(createLookup([server.address])('nobody.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('slow names keep no other from being looked up', async () => {
  const lookup = createLookup([server.address]);
  const slow = Promise.allSettled(Array.from({ length: 20 }, (_, index) => lookup(`silent.${index}.example.com`)));
  await vi.waitUntil(() => server.questions.length === 40);
  expect(await lookup('files.example.com')).toEqual(['10.1.2.3']);
  expect((await slow).map(({ status }) => status)).not.toContain('fulfilled');
});

test('a name is refused for where the DNS says that it leads', async () => {
  const requests = createPublicRequests({
    exemptOrigins: [],
    clock: systemClock,
    lookup: createLookup([server.address]),
  });
  const limits = { headersTimeoutMs: 1000, stallTimeoutMs: 1000, timeoutMs: 1000 };
  const sending = requests.send({ url: 'https://files.example.com/', method: 'GET', ...limits });
  await expect(sending).rejects.toMatchObject({ kind: 'refused-address' });
});
