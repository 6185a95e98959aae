import { describe, expect, test } from 'vitest';
import type { AudioTaskRequest, ImageTaskRequest, VideoTaskRequest } from '../../src/domain/request/request.ts';
import { audioAdapter } from '../../src/upstream/audio.ts';
import { imageAdapter } from '../../src/upstream/image.ts';
import { videoAdapter } from '../../src/upstream/video.ts';

const common = {
  prompt: '小猫 in the rain',
  model: { name: 'Kling', version: '3.0-Omni' },
  sceneType: 'motion_control',
  additionalParameters: { camera_control: { type: 'simple' }, seed: null },
  storeCos: { bucketName: 'bucket-125', bucketRegion: 'ap-guangzhou', bucketPath: 'my_file' },
  operator: 'ops',
};
const commonOnTheWire = {
  Prompt: '小猫 in the rain',
  ModelName: 'Kling',
  ModelVersion: '3.0-Omni',
  SceneType: 'motion_control',
  AdditionalParameters: '{"camera_control":{"type":"simple"},"seed":null}',
  StoreCosParam: { CosBucketName: 'bucket-125', CosBucketRegion: 'ap-guangzhou', CosBucketPath: 'my_file' },
  Operator: 'ops',
};

/** As the vendor reads it. */
const onTheWire = (body: object): unknown => JSON.parse(JSON.stringify(body));

describe('the body of CreateAigcImageTask', () => {
  test('has every field that was said', () => {
    const request: Required<ImageTaskRequest> = {
      kind: 'IMAGE',
      ...common,
      negativePrompt: 'dogs',
      enhancePrompt: false,
      referenceImages: [{ url: 'https://a.example/1.png', referenceType: 'style' }, { url: 'https://a.example/2.png' }],
      outputImageCount: 2,
      aspectRatio: '16:9',
      resolution: '2K',
      logo: false,
      outputFormat: 'JPEG',
    };
    expect(onTheWire(imageAdapter.create(request))).toStrictEqual({
      ...commonOnTheWire,
      NegativePrompt: 'dogs',
      EnhancePrompt: false,
      ImageInfos: [
        { ImageUrl: 'https://a.example/1.png', ReferenceType: 'style' },
        { ImageUrl: 'https://a.example/2.png' },
      ],
      OutputImageCount: 2,
      ExtraParameters: { AspectRatio: '16:9', Resolution: '2K', LogoAdd: 0, OutputFormat: 'jpeg' },
    });
  });

  test.each([
    [{ logo: true }, { LogoAdd: 1 }],
    [{ outputFormat: 'PNG' as const }, { OutputFormat: 'png' }],
  ])('has %j as extra parameter %j alone', (said, extraParameters) => {
    expect(onTheWire(imageAdapter.create({ kind: 'IMAGE', ...said }))).toStrictEqual({
      ExtraParameters: extraParameters,
    });
  });
});

describe('the body of CreateAigcVideoTask', () => {
  test('has every field that was said', () => {
    const request: Required<VideoTaskRequest> = {
      kind: 'VIDEO',
      ...common,
      negativePrompt: 'dogs',
      enhancePrompt: true,
      firstFrame: 'https://a.example/first.png',
      lastFrame: 'https://a.example/last.png',
      referenceImages: [{ url: 'https://a.example/1.png', referenceType: 'asset' }],
      referenceVideos: [
        { url: 'https://a.example/1.mp4', role: 'FEATURE', keepOriginalSound: true },
        { url: 'https://a.example/2.mp4', role: 'BASE', keepOriginalSound: false },
        { url: 'https://a.example/3.mp4' },
      ],
      referenceAudios: ['https://a.example/1.mp3', 'https://a.example/2.mp3'],
      duration: 10,
      aspectRatio: '9:16',
      resolution: '1080P',
      logo: true,
      enableAudio: true,
      enableBackgroundMusic: false,
      offPeak: true,
    };
    expect(onTheWire(videoAdapter.create(request))).toStrictEqual({
      ...commonOnTheWire,
      NegativePrompt: 'dogs',
      EnhancePrompt: true,
      ImageUrl: 'https://a.example/first.png',
      LastImageUrl: 'https://a.example/last.png',
      ImageInfos: [{ ImageUrl: 'https://a.example/1.png', ReferenceType: 'asset' }],
      VideoInfos: [
        { VideoUrl: 'https://a.example/1.mp4', ReferType: 'feature', KeepOriginalSound: 'yes' },
        { VideoUrl: 'https://a.example/2.mp4', ReferType: 'base', KeepOriginalSound: 'no' },
        { VideoUrl: 'https://a.example/3.mp4' },
      ],
      AudioInfos: [{ AudioUrl: 'https://a.example/1.mp3' }, { AudioUrl: 'https://a.example/2.mp3' }],
      Duration: 10,
      ExtraParameters: {
        AspectRatio: '9:16',
        Resolution: '1080P',
        LogoAdd: 1,
        EnableAudio: true,
        EnableBgm: false,
        OffPeak: true,
      },
    });
  });
});

describe('the body of CreateAigcAudioTask', () => {
  const request: Required<AudioTaskRequest> = {
    kind: 'AUDIO',
    ...common,
    referenceAudios: ['https://a.example/1.mp3'],
    referenceVideos: ['https://a.example/1.mp4'],
    outputFormat: 'WAV',
    resourceId: 'voice-1',
  };

  test('has every field that was said', () => {
    expect(onTheWire(audioAdapter.create(request))).toStrictEqual({
      ...commonOnTheWire,
      AudioInfos: [{ AudioUrl: 'https://a.example/1.mp3' }],
      VideoInfos: [{ VideoUrl: 'https://a.example/1.mp4' }],
      OutputAudioFormat: 'wav',
      ExtraParameters: { ResourceId: 'voice-1' },
    });
  });

  test("asks for MP3 in the vendor's word", () => {
    expect(onTheWire(audioAdapter.create({ kind: 'AUDIO', outputFormat: 'MP3' }))).toStrictEqual({
      OutputAudioFormat: 'mp3',
    });
  });
});

describe('what was not said', () => {
  test.each([
    ['an image', imageAdapter.create({ kind: 'IMAGE', prompt: 'a', referenceImages: [] })],
    [
      'a video',
      videoAdapter.create({
        kind: 'VIDEO',
        prompt: 'a',
        referenceImages: [],
        referenceVideos: [],
        referenceAudios: [],
      }),
    ],
    ['an audio', audioAdapter.create({ kind: 'AUDIO', prompt: 'a', referenceVideos: [], referenceAudios: [] })],
  ])('is not sent for %s', (_kind, body) => {
    expect(onTheWire(body)).toStrictEqual({ Prompt: 'a' });
  });

  test('is not sent inside of what was said', () => {
    const body = videoAdapter.create({
      kind: 'VIDEO',
      model: { name: 'Vidu' },
      storeCos: { bucketName: 'bucket', bucketRegion: 'ap-guangzhou' },
    });
    expect(onTheWire(body)).toStrictEqual({
      ModelName: 'Vidu',
      StoreCosParam: { CosBucketName: 'bucket', CosBucketRegion: 'ap-guangzhou' },
    });
  });
});

describe('the answer of a Describe', () => {
  test('tells of images', () => {
    const response = {
      Status: 'DONE',
      Message: 'ok',
      ImageUrls: ['https://cos.example/1.png?sign=a%2Fb', 'http://cos.example/2.png'],
      New: 1,
    };
    expect(imageAdapter.describe(response)).toStrictEqual({
      status: 'DONE',
      message: 'ok',
      files: [
        { type: 'IMAGE', url: 'https://cos.example/1.png?sign=a%2Fb', duration: null },
        { type: 'IMAGE', url: 'http://cos.example/2.png', duration: null },
      ],
      resolution: null,
    });
  });

  test('tells of videos and their resolution', () => {
    const response = { Status: 'DONE', Message: '', VideoUrls: ['https://cos.example/1.mp4'], Resolution: '1080*720' };
    expect(videoAdapter.describe(response)).toMatchObject({
      files: [{ type: 'VIDEO', url: 'https://cos.example/1.mp4', duration: null }],
      resolution: '1080*720',
    });
  });

  test('tells of audios, of dubbed videos, and how long they are', () => {
    const response = {
      Status: 'DONE',
      AudioInfos: [{ Url: 'https://cos.example/1.mp3', Duration: 12.5 }, { Url: 'https://cos.example/2.mp3' }],
      VideoInfos: [{ Url: 'https://cos.example/1.mp4', Duration: 0 }],
    };
    expect(audioAdapter.describe(response)?.files).toStrictEqual([
      { type: 'AUDIO', url: 'https://cos.example/1.mp3', duration: 12.5 },
      { type: 'AUDIO', url: 'https://cos.example/2.mp3', duration: null },
      { type: 'VIDEO', url: 'https://cos.example/1.mp4', duration: 0 },
    ]);
  });

  test.each([
    ['an image', imageAdapter, { ImageUrls: null }],
    ['an image, whose list is missing', imageAdapter, {}],
    ['a video', videoAdapter, { VideoUrls: null, Resolution: null }],
    ['an audio', audioAdapter, { AudioInfos: null, VideoInfos: null }],
  ])('may have nothing but a status for %s', (_kind, adapter, response) => {
    expect(adapter.describe({ Status: 'WAIT', Message: null, ...response })).toStrictEqual({
      status: 'WAIT',
      message: null,
      files: [],
      resolution: null,
    });
  });

  test('keeps URLs that half a surrogate pair is in, as a browser would fetch them', () => {
    const ImageUrls = ['https://cos.example/\uD83D.png?sign=1', 'https://cos.example/\u0000.png'];
    const files = imageAdapter.describe({ Status: 'DONE', ImageUrls })?.files;
    expect(files).toStrictEqual([{ type: 'IMAGE', url: 'https://cos.example/\uFFFD.png?sign=1', duration: null }]);
    // The control: what a browser makes of it.
    expect(new URL(ImageUrls[0] ?? '').href).toBe(new URL(files?.[0]?.url ?? '').href);
  });

  test('bounds words, and loses URLs that nothing could fetch', () => {
    const long = {
      Status: 'DONE',
      VideoUrls: [`https://cos.example/${'x'.repeat(20_000)}`],
      Resolution: '9'.repeat(999),
    };
    expect(videoAdapter.describe(long)).toMatchObject({ files: [], resolution: '9'.repeat(255) });
  });

  test('loses nothing but the entries that are no http(s) URLs', () => {
    const good = 'https://cos.example/1.png';
    const bad = [
      null,
      1,
      '',
      'cos.example/1.png',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'https://',
      'https://a b/',
      {},
    ];
    expect(imageAdapter.describe({ Status: 'DONE', ImageUrls: [...bad, good] })?.files).toHaveLength(1);
    const infos = [
      ...bad.map((Url) => ({ Url })),
      null,
      good,
      { Url: good, Duration: '12' },
      { Url: good, Duration: -1 },
    ];
    expect(audioAdapter.describe({ Status: 'DONE', AudioInfos: infos })?.files).toStrictEqual([
      { type: 'AUDIO', url: good, duration: null },
      { type: 'AUDIO', url: good, duration: null },
    ]);
  });

  test('passes on a status that nobody knows yet', () => {
    expect(imageAdapter.describe({ Status: 'PAUSED' })?.status).toBe('PAUSED');
  });

  test.each([{}, { Status: null }, { Status: '' }, { Status: 3 }, null])('is none without a status: %j', (response) => {
    expect(videoAdapter.describe(response)).toBeNull();
  });
});
