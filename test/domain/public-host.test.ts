import { expect, test } from 'vitest';
import { isLoopbackHost } from '../../src/domain/request/public-host.ts';

test.each([
  'localhost',
  '127.0.0.1',
  '127.8.9.1',
  '::1',
  '::ffff:127.0.0.1',
  new URL('http://[::1]:4001').hostname,
  new URL('http://LOCALHOST:4001').hostname,
  new URL('http://[::ffff:127.0.0.1]').hostname,
])('%s is this machine', (host) => {
  expect(isLoopbackHost(host)).toBe(true);
});

test.each([
  '',
  '0.0.0.0',
  '::',
  '192.168.0.7',
  '126.255.255.255',
  '127.0.0.256',
  '127.999.1.1',
  'localhost.example.com',
  '127.0.0.1.example.com',
  new URL('http://[::]').hostname,
  new URL('http://[2606:4700::1]').hostname,
])('%j is not, or need not be', (host) => {
  expect(isLoopbackHost(host)).toBe(false);
});
