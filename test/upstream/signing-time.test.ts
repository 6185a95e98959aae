import { expect, test } from 'vitest';
import { systemClock, type Clock } from '../../src/kit/clock.ts';
import { createUpstream } from '../../src/upstream/upstream.ts';
import { sandboxCredentials, startSandbox } from '../../src/sandbox/sandbox.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { answerWith, startVendorServer } from './vendor-server.ts';

const minuteMs = 60_000;

function clockAheadBy(aheadMs: () => number): Clock {
  return { ...systemClock, now: () => systemClock.now() + aheadMs() };
}

function upstreamAt(endpoint: string, clock: Clock) {
  return createUpstream({ endpoint, credentials: sandboxCredentials, region: null, accountName: 'test', clock });
}

const request = { kind: 'IMAGE', prompt: 'a clock' } as const;

test.for([10, -10, 26 * 60])('a clock that is off by %i minutes costs one refused call', async (minutes) => {
  await using directory = await createTemporaryDirectory();
  await using sandbox = await startSandbox({ port: 0, directory: directory.path, speed: 200 });
  let aheadMs = minutes * minuteMs;
  await using upstream = upstreamAt(
    sandbox.endpoint,
    clockAheadBy(() => aheadMs),
  );
  const refused = { phase: 'refused', code: 'AuthFailure.SignatureExpire' };
  await expect(upstream.create(request)).rejects.toMatchObject(refused);
  const { upstreamTaskId } = await upstream.create(request);
  expect(await upstream.describe('IMAGE', upstreamTaskId)).toMatchObject({ requestId: expect.any(String) });

  // Set right, it is off by as much as was added, and that costs another one.
  aheadMs = 0;
  await expect(upstream.create(request)).rejects.toMatchObject(refused);
  await upstream.create(request);
});

test('nothing is learned of the time from another answer than a refusal of the signature’s', async () => {
  const headers = 'Date: Thu, 01 Jan 2015 00:00:00 GMT\r\n';
  const answers = [
    { Response: { TaskId: '4-AigcImage-1', RequestId: 'one' } },
    { Response: { Error: { Code: 'AuthFailure.SecretIdNotFound', Message: 'no' }, RequestId: 'two' } },
    { Response: { TaskId: '4-AigcImage-1', RequestId: 'three' } },
  ];
  await using server = await startVendorServer((socket, received) =>
    answerWith(answers[server.requests.length - 1], { headers })(socket, received),
  );
  await using upstream = upstreamAt(`http://127.0.0.1:${server.port}`, systemClock);
  for (const _ of answers) await upstream.create(request).catch(() => {});
  const timestamps = server.requests.map((received) => Number(received.headers.get('x-tc-timestamp')));
  expect(timestamps).toHaveLength(3);
  for (const timestamp of timestamps) expect(Math.abs(timestamp - systemClock.now() / 1_000)).toBeLessThan(60);
});

test('a refusal without a date changes nothing', async () => {
  const expired = { Response: { Error: { Code: 'AuthFailure.SignatureExpire', Message: 'late' }, RequestId: 'one' } };
  await using server = await startVendorServer(answerWith(expired, { headers: 'Date: soon\r\n' }));
  await using upstream = upstreamAt(`http://127.0.0.1:${server.port}`, systemClock);
  for (const _ of [1, 2]) await upstream.create(request).catch(() => {});
  const [, second] = server.requests.map((received) => Number(received.headers.get('x-tc-timestamp')));
  expect(Math.abs((second ?? 0) - systemClock.now() / 1_000)).toBeLessThan(60);
});
