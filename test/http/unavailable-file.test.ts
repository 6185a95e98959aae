import { pino } from 'pino';
import { expect, test } from 'vitest';
import { TemporarilyUnavailableError } from '../../src/domain/errors.ts';
import { startTestServer } from './test-server.ts';

test('a file that nobody can look up at the moment is refused for now, without a stack trace', async () => {
  let log = '';
  const logger = pino({ level: 'info' }, { write: (line: string) => void (log += line) });
  const findServedFile = () => Promise.reject(new TemporarilyUnavailableError('Away.', { retryAfterSeconds: 5 }));
  await using server = await startTestServer({ findServedFile, logger });
  const answered = await fetch(`${server.url}/files/a_0/picture.png`);
  expect([answered.status, answered.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await answered.json()).toEqual({
    errors: [{ message: 'Away.', extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 5 } }],
  });
  expect(log).not.toMatch(/stack|unexpectedly/);
});
