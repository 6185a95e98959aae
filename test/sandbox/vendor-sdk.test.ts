import { Agent } from 'node:http';
import { mps } from 'tencentcloud-sdk-nodejs-mps';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { sandboxCredentials } from '../../src/sandbox/sandbox.ts';
import { startTestSandbox, type TestSandbox } from './test-sandbox.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
let running: TestSandbox;
let client: InstanceType<typeof mps.v20190612.Client>;

beforeAll(async () => {
  // So fast that a task is over when its Create is answered.
  running = await startTestSandbox({ speed: 1e9, clock: systemClock });
  client = createSdkClient(running.sandbox.endpoint);
});
afterAll(() => running[Symbol.asyncDispose]());

/** The SDK takes the service's name from the host, so the vendor's host is resolved to this machine. */
function createSdkClient(endpoint: string) {
  const agent = new Agent({
    lookup: (_hostname, options, callback) => {
      if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
      else callback(null, '127.0.0.1', 4);
    },
  });
  return new mps.v20190612.Client({
    credential: sandboxCredentials,
    region: 'ap-singapore',
    profile: {
      httpProfile: { protocol: 'http://', endpoint: `mps.tencentcloudapi.com:${new URL(endpoint).port}`, agent },
    },
  });
}

describe("the vendor's own SDK", () => {
  it('creates and describes an image task', async () => {
    const created = await client.CreateAigcImageTask({ ModelName: 'GEM', ModelVersion: '3.0', Prompt: 'a red fox' });
    expect(created.TaskId).toMatch(/^4-AigcImage-[0-9a-f]{32}$/);
    expect(created.RequestId).toMatch(uuid);

    const described = await client.DescribeAigcImageTask({ TaskId: created.TaskId ?? '' });
    expect(described).toMatchObject({ Status: 'DONE', Message: 'ok', ImageUrls: [expect.stringContaining('.png')] });
    expect(described.RequestId).toMatch(uuid);
  });

  it('creates and describes a video task', async () => {
    const created = await client.CreateAigcVideoTask({ ModelName: 'Kling', ModelVersion: '2.1', Prompt: 'a storm' });
    expect(created.TaskId).toMatch(/^4-AigcVideo-[0-9a-f]{32}$/);

    const described = await client.DescribeAigcVideoTask({ TaskId: created.TaskId ?? '' });
    expect(described).toMatchObject({
      Status: 'DONE',
      Message: 'ok',
      Resolution: '1920x1088',
      VideoUrls: [expect.stringContaining('.mp4')],
    });
  });

  it('creates and describes an audio task', async () => {
    const created = await client.CreateAigcAudioTask({ ModelName: 'GL', ModelVersion: '3.0-clip', Prompt: 'a waltz' });
    expect(created.TaskId).toMatch(/^24000145-AigcAudio-[0-9a-f]{32}$/);

    const described = await client.DescribeAigcAudioTask({ TaskId: created.TaskId ?? '' });
    expect(described).toMatchObject({
      Status: 'DONE',
      Message: 'ok',
      AudioInfos: [{ Url: expect.stringContaining('.wav'), Duration: 30 }],
      VideoInfos: [],
    });
  });

  it('raises a refusal with its code', async () => {
    await expect(client.DescribeAigcImageTask({ TaskId: '4-AigcImage-unknown' })).rejects.toMatchObject({
      code: 'InvalidParameterValue.TaskId',
      requestId: expect.stringMatching(uuid),
    });
  });
});
