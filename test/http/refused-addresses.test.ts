import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createManualClock } from '../support/manual-clock.ts';
import { exchange, requestText } from './raw-connection.ts';
import { handshake } from './socket.ts';
import { startTestServer } from './test-server.ts';

/** A server, and what its log told of refused addresses. */
async function startWithLog() {
  const log: string[] = [];
  const clock = createManualClock();
  const logger = pino({ level: 'warn', base: null }, { write: (line: string) => void log.push(line) });
  const server = await startTestServer({ logger, clock, access: { loopbackOnly: true } });
  const told = () => log.splice(0).map((line): Record<string, unknown> => JSON.parse(line));
  return { ...server, clock, told };
}

const preflight = { Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST' };

test('a refused Origin is told with the Host beside it, over each way to the endpoint', async () => {
  await using server = await startWithLog();
  const host = `127.0.0.1:${server.port}`;
  const expected = { level: 40, origin: 'https://app.example', host, msg: expect.stringContaining('CORS_ORIGINS') };

  await handshake(server.url, { origin: 'https://app.example' });
  expect(server.told()).toMatchObject([expected]);
  await server.clock.advance(1_000);
  await exchange(server.port, requestText('OPTIONS /graphql', { ...preflight, Host: host }));
  expect(server.told()).toMatchObject([expected]);
});

test('a refused Host is told with what lifts it', async () => {
  await using server = await startWithLog();
  const forwarded = { Host: 'localhost', 'X-Forwarded-Host': 'tasks.example' };
  await exchange(server.port, requestText('GET /', forwarded));
  const [line] = server.told();
  expect(line).toMatchObject({ origin: null, host: 'localhost', forwardedHost: 'tasks.example' });
  expect(line?.['msg']).toMatch(/AUTH_MODE, or AUTH_ALLOW_OPEN=true.*proxy/);

  await server.clock.advance(1_000);
  await exchange(server.port, requestText('GET /', { Host: 'a b' }));
  expect(server.told()).toMatchObject([{ host: 'a b', msg: expect.stringContaining('names no host') }]);
});

test('a flood of them is one line a second, with their number', async () => {
  await using server = await startWithLog();
  for (let time = 0; time < 20; time += 1) await handshake(server.url, { origin: 'https://evil.example' });
  expect(server.told()).toMatchObject([{ refused: 1 }]);
  await server.clock.advance(1_000);
  await handshake(server.url, { origin: 'https://evil.example' });
  expect(server.told()).toMatchObject([{ refused: 20 }]);
});

test('what strangers send is cut short in the log, and acts on no terminal', async () => {
  await using server = await startWithLog();
  const key = `aigc_${'0'.repeat(60)}`;
  await exchange(
    server.port,
    requestText('GET /', { Host: 'evil.example', Origin: `\x9b2J\xe9"${key} ${'a b '.repeat(500)}` }),
  );
  const [line] = server.told();
  expect(line?.['origin']).toMatch(/^%C3%82%C2%9B2J%C3%83%C2%A9"… (a b )+/);
  expect(String(line?.['origin']).length).toBeLessThan(250);
});

test('control: other refusals are not told here', async () => {
  await using server = await startWithLog();
  await exchange(server.port, requestText('PUT /graphql'));
  await exchange(server.port, requestText('GET /nowhere'));
  expect(server.told()).toEqual([]);
});
