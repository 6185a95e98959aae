import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';
import { createPublicRequests } from '../../src/outbound/public-requests.ts';
import { sandboxCredentials, startSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createFileUrlCheck } from '../../src/upstream/file-url-check.ts';
import { createUpstream } from '../../src/upstream/upstream.ts';

let directory: string;
let sandbox: Sandbox;
let upstream: ReturnType<typeof createUpstream>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'upstream-'));
  sandbox = await startSandbox({ port: 0, directory, speed: 10_000, failShare: 0 });
  upstream = upstreamWith(sandboxCredentials);
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await sandbox.close();
  await rm(directory, { recursive: true });
});

function upstreamWith(credentials: { secretId: string; secretKey: string }) {
  return createUpstream({
    endpoint: sandbox.endpoint,
    accountHost: 'sandbox',
    credentials,
    region: 'ap-singapore',
    accountName: 'default',
    clock: systemClock,
  });
}

const model = { name: 'Hunyuan' };
const requests: TaskRequest[] = [
  { kind: 'IMAGE', prompt: '小猫', model, outputFormat: 'PNG', aspectRatio: '16:9', logo: false },
  { kind: 'VIDEO', prompt: '小猫', model, enhancePrompt: true, resolution: '720P', operator: 'ops' },
  { kind: 'AUDIO', prompt: '小猫', model: { name: 'GL' }, sceneType: 'music', outputFormat: 'MP3' },
];

test.each(requests)('a task of $kind is created, followed to its end, and its files are there', async (request) => {
  const { upstreamTaskId, requestId } = await upstream.create(request);
  expect(requestId).toMatch(/./);
  expect(sandbox.tasks().map(({ taskId }) => taskId)).toContain(upstreamTaskId);

  const ended = await vi.waitUntil(
    async () => {
      const answer = await upstream.describe(request.kind, upstreamTaskId);
      return answer.status === 'DONE' && answer;
    },
    { timeout: 10_000, interval: 25 },
  );

  expect(ended.files).not.toHaveLength(0);
  expect(ended.requestId).toMatch(/./);
  expect(ended.resolution !== null).toBe(request.kind === 'VIDEO');
  const outbound = createPublicRequests({ exemptOrigins: [sandbox.endpoint], clock: systemClock });
  const checkFileUrl = createFileUrlCheck({ requests: outbound });
  for (const file of ended.files) expect(await checkFileUrl(file.url)).toBe('alive');
});

test('a task that the upstream does not know is refused', async () => {
  await expect(upstream.describe('IMAGE', '4-AigcImage-ffffffffffffffff')).rejects.toMatchObject({
    phase: 'refused',
    code: expect.stringMatching(/^(InvalidParameterValue\.TaskId|ResourceNotFound)/),
  });
});

test('a wrong key is refused', async () => {
  await using stranger = upstreamWith({ ...sandboxCredentials, secretKey: 'another-secret-key' });
  await expect(stranger.create({ kind: 'IMAGE', prompt: 'a cat' })).rejects.toMatchObject({
    phase: 'refused',
    code: 'AuthFailure.SignatureFailure',
  });
});
