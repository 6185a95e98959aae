import { describe, expect, it } from 'vitest';
import type { SandboxTask } from '../../src/sandbox/sandbox.ts';
import { startTestSandbox, type TestSandbox } from './test-sandbox.ts';

const image = { Prompt: 'a red fox' };

function lastTask({ sandbox }: TestSandbox): SandboxTask {
  const task = sandbox.tasks().at(-1);
  if (!task) throw new Error('no task yet');
  return task;
}

/** Moves the clock to just after the last task's end. */
async function finish(running: TestSandbox): Promise<void> {
  await running.clock.advance(lastTask(running).endsAt - running.clock.now());
}

const lengthMs = ({ createdAt, endsAt }: SandboxTask) => endsAt - createdAt;

describe('a task', () => {
  it('waits, runs and ends as DONE, by the clock alone', async () => {
    await using running = await startTestSandbox();
    const TaskId = await running.create('CreateAigcImageTask', image);
    const { startsAt, endsAt } = lastTask(running);
    const ask = () => running.call('DescribeAigcImageTask', { TaskId });

    expect(await ask()).toMatchObject({ Status: 'WAIT', ImageUrls: [], Message: '' });
    await running.clock.advance(startsAt - running.clock.now() - 1);
    expect(await ask()).toMatchObject({ Status: 'WAIT' });
    await running.clock.advance(1);
    expect(await ask()).toMatchObject({ Status: 'RUN', ImageUrls: [], Message: '' });
    await running.clock.advance(endsAt - running.clock.now() - 1);
    expect(await ask()).toMatchObject({ Status: 'RUN' });
    await running.clock.advance(1);
    expect(await ask()).toMatchObject({ Status: 'DONE', Message: 'ok', ImageUrls: [expect.any(String)] });
  });

  it('takes a time that scales with the speed', async () => {
    await using slow = await startTestSandbox({ speed: 1 });
    await using fast = await startTestSandbox({ speed: 60 });
    await slow.create('CreateAigcVideoTask', image);
    await fast.create('CreateAigcVideoTask', image);
    expect(lengthMs(lastTask(slow)) / lengthMs(lastTask(fast))).toBeCloseTo(60, 1);
  });

  it('is found by the Describe of its own kind only', async () => {
    await using running = await startTestSandbox();
    const TaskId = await running.create('CreateAigcImageTask', image);
    const answer = await running.call('DescribeAigcVideoTask', { TaskId });
    expect(answer.Error?.Code).toBe('InvalidParameterValue.TaskId');
  });
});

describe('an answer', () => {
  it('has as many images as were asked for', async () => {
    await using running = await startTestSandbox();
    const TaskId = await running.create('CreateAigcImageTask', { ...image, OutputImageCount: 3 });
    await finish(running);
    const { ImageUrls = [] } = await running.call('DescribeAigcImageTask', { TaskId });
    expect(new Set(ImageUrls).size).toBe(3);
  });

  it.each([
    [{}, '1920x1088'],
    [{ Resolution: '720P' }, '1280x720'],
    [{ Resolution: '720P', AspectRatio: '9:16' }, '720x1280'],
    [{ Resolution: '1080P', AspectRatio: '1:1' }, '1088x1088'],
  ])('says the resolution of a video with %j: %s', async (ExtraParameters, resolution) => {
    await using running = await startTestSandbox();
    const TaskId = await running.create('CreateAigcVideoTask', { ...image, ExtraParameters });
    expect((await running.call('DescribeAigcVideoTask', { TaskId })).Resolution).toBe('');
    await finish(running);
    expect((await running.call('DescribeAigcVideoTask', { TaskId })).Resolution).toBe(resolution);
  });

  it('has several videos if the additional parameters say so', async () => {
    await using running = await startTestSandbox();
    const TaskId = await running.create('CreateAigcVideoTask', {
      ...image,
      AdditionalParameters: '{"output_count":2}',
    });
    await finish(running);
    expect((await running.call('DescribeAigcVideoTask', { TaskId })).VideoUrls).toHaveLength(2);
  });

  it('has a video where an audio task dubs one', async () => {
    await using running = await startTestSandbox();
    const request = { VideoInfos: [{ VideoUrl: 'https://example.com/a.mp4' }] };
    const TaskId = await running.create('CreateAigcAudioTask', request);
    await finish(running);
    expect(await running.call('DescribeAigcAudioTask', { TaskId })).toMatchObject({
      AudioInfos: [],
      VideoInfos: [{ Url: expect.stringContaining('.mp4'), Duration: expect.any(Number) }],
    });
  });

  it("points into the customer's bucket if one was named", async () => {
    await using running = await startTestSandbox();
    const StoreCosParam = { CosBucketName: 'mine-125', CosBucketRegion: 'ap-guangzhou', CosBucketPath: '/out/a b/' };
    const TaskId = await running.create('CreateAigcImageTask', { ...image, StoreCosParam });
    await finish(running);
    const { ImageUrls } = await running.call('DescribeAigcImageTask', { TaskId });
    expect(ImageUrls).toEqual([`https://mine-125.cos.ap-guangzhou.myqcloud.com/out/a%20b/${TaskId}-0.png`]);
  });
});

describe('a failure', () => {
  it.each([
    ['CreateAigcImageTask', { ...image, ModelName: 'Nonesuch' }, 'Invalid model name for image'],
    ['CreateAigcAudioTask', { ...image, ModelName: 'constructor' }, 'Invalid model name for music'],
    ['CreateAigcVideoTask', { ...image, ModelName: 'Kling', ModelVersion: '99' }, 'Invalid model version for video'],
    ['CreateAigcVideoTask', { ...image, ModelName: 'Kling', ModelVersion: '2.1', Duration: 7 }, 'Invalid duration'],
    ['CreateAigcImageTask', { Prompt: 'a fox [FAIL]' }, 'Generation failed'],
  ])('of %s with %j comes after the Create: %s', async (action, request, message) => {
    await using running = await startTestSandbox();
    const TaskId = await running.create(action, request);
    const ask = () => running.call(action.replace('Create', 'Describe'), { TaskId });
    expect((await ask()).Status).toBe('WAIT');
    await finish(running);
    const answer = await ask();
    expect(answer).toMatchObject({ Status: 'FAIL', Message: expect.stringContaining(message) });
    expect(answer.ImageUrls ?? answer.VideoUrls ?? answer.AudioInfos).toEqual([]);
  });

  it('is the end of about the share that was asked for', async () => {
    await using running = await startTestSandbox({ failShare: 0.3 });
    await Promise.all(Array.from({ length: 300 }, () => running.create('CreateAigcImageTask', image)));
    const failed = running.sandbox.tasks().filter(({ failure }) => failure !== null);
    expect(failed.length).toBeGreaterThan(60);
    expect(failed.length).toBeLessThan(120);
  });

  it('of content is told by the Create itself', async () => {
    await using running = await startTestSandbox();
    const answer = await running.call('CreateAigcVideoTask', { Prompt: 'something [reject]' });
    expect(answer.Error?.Code).toBe('InvalidParameterValue.SensitiveContent');
    expect(running.sandbox.tasks()).toEqual([]);
  });
});

describe('the time a task takes', () => {
  async function lengthsOf(seed: number, count: number, action = 'CreateAigcImageTask', request: object = image) {
    await using running = await startTestSandbox({ seed });
    for (let index = 0; index < count; index += 1) await running.create(action, request);
    return running.sandbox.tasks().map(lengthMs);
  }
  const medianS = (lengths: number[]) =>
    (lengths.toSorted((one, other) => one - other)[lengths.length >> 1] ?? 0) / 1000;

  it('is decided by the seed', async () => {
    const first = await lengthsOf(7, 5);
    expect(await lengthsOf(7, 5)).toEqual(first);
    expect(await lengthsOf(8, 5)).not.toEqual(first);
    expect(new Set(first).size).toBe(5);
  });

  it('has a median of some 8 seconds for images, 45 for audio, 120 for videos and an hour off-peak', async () => {
    expect(medianS(await lengthsOf(1, 101))).toSatisfy((seconds: number) => seconds > 6 && seconds < 10);
    expect(medianS(await lengthsOf(1, 101, 'CreateAigcAudioTask'))).toSatisfy((s: number) => s > 36 && s < 56);
    expect(medianS(await lengthsOf(1, 101, 'CreateAigcVideoTask'))).toSatisfy((s: number) => s > 96 && s < 150);
    const offPeak = { ...image, ModelName: 'Vidu', ExtraParameters: { OffPeak: true } };
    expect(medianS(await lengthsOf(1, 101, 'CreateAigcVideoTask', offPeak))).toSatisfy(
      (s: number) => s > 2900 && s < 4400,
    );
  });

  it('is ten times as long for a prompt that says so', async () => {
    const [usual = 0] = await lengthsOf(1, 1);
    const [slow = 0] = await lengthsOf(1, 1, 'CreateAigcImageTask', { Prompt: 'a fox [slow]' });
    expect(slow / usual).toBeCloseTo(10, 1);
  });
});
