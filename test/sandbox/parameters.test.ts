import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from './test-sandbox.ts';

let running: TestSandbox;
beforeAll(async () => {
  running = await startTestSandbox();
});
afterAll(() => running[Symbol.asyncDispose]());

const image = 'CreateAigcImageTask';
const video = 'CreateAigcVideoTask';
const audio = 'CreateAigcAudioTask';

describe('a Create or Describe is refused, with the field named', () => {
  it.each<[string, string, string, unknown]>([
    ['UnknownParameter', 'Colour', image, { Prompt: 'x', Colour: 'red' }],
    ['UnknownParameter', 'ExtraParameters.Fps', video, { Prompt: 'x', ExtraParameters: { Fps: 24 } }],
    ['UnknownParameter', 'ImageUrl', audio, { Prompt: 'x', ImageUrl: 'https://example.com/a.png' }],
    ['UnknownParameter', 'Id', 'DescribeAigcImageTask', { TaskId: 'x', Id: 'x' }],
    ['InvalidParameter', 'Prompt', image, { Prompt: 5 }],
    ['InvalidParameter', 'Prompt', image, { Prompt: null }],
    ['InvalidParameter', 'EnhancePrompt', image, { Prompt: 'x', EnhancePrompt: 'true' }],
    ['InvalidParameter', 'ImageInfos.0.ImageUrl', image, { ImageInfos: [{ ImageUrl: 5 }] }],
    ['InvalidParameter', 'Duration', video, { Prompt: 'x', Duration: 5.5 }],
    ['InvalidParameter', 'AdditionalParameters', video, { Prompt: 'x', AdditionalParameters: { a: 1 } }],
    ['InvalidParameter', 'TaskId', 'DescribeAigcAudioTask', { TaskId: 5 }],
    ['MissingParameter', 'Prompt', image, {}],
    ['MissingParameter', 'Prompt', image, { Prompt: '', ImageInfos: [] }],
    ['MissingParameter', 'Prompt', video, { LastImageUrl: 'https://example.com/a.png' }],
    ['MissingParameter', 'Prompt', audio, { ModelName: 'GL' }],
    ['MissingParameter', 'TaskId', 'DescribeAigcVideoTask', {}],
    [
      'MissingParameter',
      'StoreCosParam.CosBucketName',
      image,
      { Prompt: 'x', StoreCosParam: { CosBucketRegion: 'r' } },
    ],
    [
      'MissingParameter',
      'StoreCosParam.CosBucketRegion',
      video,
      { Prompt: 'x', StoreCosParam: { CosBucketName: 'b' } },
    ],
    ['InvalidParameterValue.Prompt', 'Prompt', image, { Prompt: '狐'.repeat(1001) }],
    ['InvalidParameterValue.Prompt', 'Prompt', audio, { Prompt: 'x'.repeat(2001) }],
    ['InvalidParameterValue.OutputImageCount', 'OutputImageCount', image, { Prompt: 'x', OutputImageCount: 0 }],
    ['InvalidParameterValue.OutputAudioFormat', 'OutputAudioFormat', audio, { Prompt: 'x', OutputAudioFormat: 'ogg' }],
    [
      'InvalidParameterValue.ExtraParameters',
      'ExtraParameters.LogoAdd',
      video,
      { Prompt: 'x', ExtraParameters: { LogoAdd: 2 } },
    ],
    [
      'InvalidParameterValue.AdditionalParameters',
      'AdditionalParameters',
      image,
      { Prompt: 'x', AdditionalParameters: '[1]' },
    ],
    [
      'InvalidParameterValue.AdditionalParameters',
      'AdditionalParameters',
      image,
      { Prompt: 'x', AdditionalParameters: 'size' },
    ],
    [
      'InvalidParameterValue.VideoInfos',
      'VideoInfos',
      video,
      {
        ImageUrl: 'https://example.com/a.png',
        VideoInfos: [{ VideoUrl: 'https://example.com/a.mp4', ReferType: 'base' }],
      },
    ],
  ])('%s: %s of %s (%j)', async (code, field, action, body) => {
    const { Error: error } = await running.call(action, body);
    expect(error?.Code).toBe(code);
    expect(error?.Message).toContain(`\`${field}\``);
  });

  it.each(['{"Prompt":', '[]', '"text"', 'null', ''])(
    'InvalidParameter: a body that is no JSON object (%s)',
    async (body) => {
      expect((await running.call(image, body)).Error?.Code).toBe('InvalidParameter');
    },
  );
});

describe('a Create is accepted', () => {
  it.each<[string, string, unknown]>([
    ['a prompt of 1000 characters outside the basic plane', image, { Prompt: '🦊'.repeat(1000) }],
    ['a reference image instead of a prompt', image, { ImageInfos: [{ ImageUrl: 'https://example.com/a.png' }] }],
    ['a first frame instead of a prompt', video, { ImageUrl: 'https://example.com/a.png' }],
    ['reference material instead of a prompt', audio, { AudioInfos: [{ AudioUrl: 'https://example.com/a.mp3' }] }],
    ['a model that does not exist', image, { Prompt: 'x', ModelName: 'constructor' }],
    [
      'every field there is',
      video,
      {
        ModelName: 'Kling',
        ModelVersion: '3.0-Omni',
        SceneType: 'motion_control',
        Prompt: 'x',
        NegativePrompt: 'y',
        EnhancePrompt: true,
        ImageInfos: [{ ImageUrl: 'https://example.com/a.png', ReferenceType: 'asset' }],
        VideoInfos: [{ VideoUrl: 'https://example.com/a.mp4', ReferType: 'feature', KeepOriginalSound: 'yes' }],
        AudioInfos: [{ AudioUrl: 'https://example.com/a.mp3' }],
        Duration: 10,
        ExtraParameters: {
          Resolution: '4K',
          AspectRatio: '9:16',
          LogoAdd: 1,
          EnableAudio: true,
          OffPeak: false,
          EnableBgm: true,
        },
        AdditionalParameters: '{"camera_control":{"type":"simple"}}',
        StoreCosParam: { CosBucketName: 'bucket', CosBucketRegion: 'ap-guangzhou', CosBucketPath: 'a/b' },
        Operator: 'alice',
      },
    ],
  ])('with %s', async (_name, action, body) => {
    expect((await running.call(action, body)).TaskId).toBeDefined();
    expect(running.sandbox.tasks().at(-1)?.request).toEqual(body);
  });
});
