import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchange, openRawConnection, requestText } from './raw-connection.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const body = '{"query":"{hello}"}';
const smuggled = requestText('GET /health/live');
const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

function statusesOf(answer: string): (string | undefined)[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
}

/** What a proxy in front may read as one request, and this server as two. */
describe('a request whose end can be read in two ways is refused, and what follows it is not answered', () => {
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

  test.each([
    ['two lengths', `${head}Content-Length: ${body.length}\r\nContent-Length: 5\r\n\r\n${body}`],
    ['the same length twice', `${head}Content-Length: ${body.length}\r\nContent-Length: ${body.length}\r\n\r\n${body}`],
    ['a list of lengths', `${head}Content-Length: ${body.length}, ${body.length}\r\n\r\n${body}`],
    ['a signed length', `${head}Content-Length: +${body.length}\r\n\r\n${body}`],
    ['a hexadecimal length', `${head}Content-Length: 0x13\r\n\r\n${body}`],
    ['a negative length', `${head}Content-Length: -1\r\n\r\n${body}`],
    ['a length and chunks', `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`],
    ['chunks and a length', `${head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n${chunk}`],
    ['chunks that are not the last encoding', `${head}Transfer-Encoding: chunked, identity\r\n\r\n${chunk}`],
    ['an encoding that only looks like chunks', `${head}Transfer-Encoding: xchunked\r\n\r\n${chunk}`],
    ['chunks twice', `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`],
    ['white space before a colon', `${head}Transfer-Encoding : chunked\r\n\r\n${chunk}`],
    ['a folded header', `${head}Transfer-Encoding:\r\n chunked\r\n\r\n${chunk}`],
    ['a broken size of a chunk', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n${body}\r\n0\r\n\r\n`],
    ['bare line feeds', `${head}Transfer-Encoding: chunked\n\n${chunk}`],
    ['a null byte in a header', `${head}Content-Length: ${body.length}\r\nX: a\0b\r\n\r\n${body}`],
  ])('%s', async (_what, text) => {
    const answer = await exchange(server.port, text + smuggled);
    expect(statusesOf(answer).filter((status) => status === '200')).toEqual([]);
    expect(statusesOf(answer)).toEqual(['400']);
  });

  test('while two good ones in a row are answered, in order', async () => {
    for (const good of [
      `${head}Content-Length: ${body.length}\r\n\r\n${body}`,
      `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`,
    ]) {
      const answer = await exchange(server.port, good + smuggled);
      expect(statusesOf(answer)).toEqual(['200', '200']);
      expect(answer).toMatch(/"hello":"world"[^]*"live":true/);
    }
  });
});

test('a request without a Host header is refused', async () => {
  expect(statusesOf(await exchange(server.port, 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n'))).toEqual([
    '400',
  ]);
});

test('what is no HTTP is refused, and not repeated', async () => {
  const answer = await exchange(server.port, '\x16\x03\x01secret-prompt\r\n\r\n');
  expect(statusesOf(answer)).toEqual(['400']);
  expect(answer).not.toContain('secret');
});

test('nobody is connected through to somewhere else', async () => {
  using connection = await openRawConnection(server.port);
  await connection.send('CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n');
  expect(await connection.closed).toBe('');
});
