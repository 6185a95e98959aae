import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { localCaller } from '../../src/http/authentication/authentication.ts';
import { bearer, createKeyring } from './keyring.ts';
import { exchange, openRawConnection, postText, requestText, upgrade } from './raw-connection.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from '../support/until.ts';

const keyring = createKeyring(systemClock);
keyring.issue('alice');

const malformed = [
  '[',
  '%',
  'a b',
  '@',
  '<script>',
  'localhost:99999',
  '127.0.0.1:99999',
  '127.0.0.256',
  '127.999.1.1',
  'localhost@evil.example',
  'localhost/evil',
  'localhost?evil',
  'localhost#evil',
];

const modes = [
  { mode: 'without authentication', authentication: localCaller, access: { loopbackOnly: true } },
  { mode: 'without authentication, opened', authentication: localCaller, access: { loopbackOnly: false } },
  { mode: 'with authentication', authentication: keyring.authentication, access: { authenticated: true } },
];

describe.each(modes)('a Host that no URL can have, $mode', ({ authentication, access }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ authentication, access });
  });
  afterAll(() => server.close());

  const authorized = { Authorization: bearer('alice').authorization };
  const subscription = { query: 'subscription { count(to: 1) }' };

  const ways: [string, (headers: Record<string, string>) => string][] = [
    ['an operation', (headers) => postText({ query: '{ hello }' }, headers)],
    ['server-sent events', (headers) => postText(subscription, { Accept: 'text/event-stream', ...headers })],
    ['a WebSocket', (headers) => requestText('GET /graphql', { ...upgrade, ...headers })],
    ['anything else', (headers) => requestText('GET /nowhere', headers)],
  ];

  /** Not until the connection is closed: a WebSocket stays open. */
  async function answerTo(text: string): Promise<string> {
    using connection = await openRawConnection(server.port);
    await connection.send(text);
    await until(() => /^HTTP\/1\.1 101 |\r\n\r\n./.test(connection.received()));
    return connection.received();
  }

  test.each(ways)('is refused without a word about the gateway: %s', async (_what, textWith) => {
    for (const host of malformed) {
      const refused = await answerTo(textWith({ ...authorized, Host: host }));
      expect([host, refused.slice(0, 12)]).toEqual([host, 'HTTP/1.1 400']);
      expect(refused).toContain('{"errors":[{"message":"The Host header names no host."');
    }
    const taken = await answerTo(textWith({ ...authorized, Host: 'localhost:4000' }));
    expect(taken.slice(0, 12)).not.toBe('HTTP/1.1 400');
  });

  test('is not one that HTTP/1.0 leaves out', async () => {
    const health = 'GET /health/live HTTP/1.0\r\n\r\n';
    expect(await exchange(server.port, health)).toMatch(access.loopbackOnly ? /^HTTP\/1\.1 421 / : /^HTTP\/1\.1 200 /);
  });
});
