import { interceptors, Pool } from 'undici';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { exchange, ExchangeError } from '../../src/upstream/exchange.ts';
import { startVendorServer, type VendorServer } from './vendor-server.ts';

/** A transport that does what ours never should: it posts again after a reset. */
function repeatingDispatcher(server: VendorServer) {
  const retry = interceptors.retry({ methods: ['POST'], maxRetries: 3, minTimeout: 1, timeoutFactor: 1 });
  return new Pool(`http://127.0.0.1:${server.port}`).compose(retry);
}

test('refuses to be sent twice, even by a transport that would', async () => {
  await using server = await startVendorServer((socket) => socket.resetAndDestroy());
  const dispatcher = repeatingDispatcher(server);
  const limits = { clock: systemClock, timeoutMs: 10_000 };

  const error: unknown = await exchange(dispatcher, { headers: {}, body: '{}' }, limits).catch(
    (reason: unknown) => reason,
  );

  expect(error).toBeInstanceOf(ExchangeError);
  expect(error).toMatchObject({ mayHaveArrived: true });
  expect(server.requests).toHaveLength(1);
  await dispatcher.destroy();
});

test('control: that transport does send twice', async () => {
  await using server = await startVendorServer((socket) => socket.resetAndDestroy());
  const dispatcher = repeatingDispatcher(server);
  await expect(dispatcher.request({ path: '/', method: 'POST', body: '{}', origin: '' })).rejects.toThrow();
  expect(server.requests).toHaveLength(4);
  await dispatcher.destroy();
});
