import { describe, expect, test } from 'vitest';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import { checkRequest } from '../../src/domain/request/request-rules.ts';
import type {
  AudioTaskRequest,
  ImageTaskRequest,
  TaskRequest,
  VideoTaskRequest,
} from '../../src/domain/request/request.ts';

const url = 'https://example.com/a';

const image = (request: Omit<ImageTaskRequest, 'kind'>): TaskRequest => ({
  kind: 'IMAGE',
  prompt: 'a cat',
  ...request,
});
const video = (request: Omit<VideoTaskRequest, 'kind'>): TaskRequest => ({
  kind: 'VIDEO',
  prompt: 'a cat',
  ...request,
});
const audio = (request: Omit<AudioTaskRequest, 'kind'>): TaskRequest => ({ kind: 'AUDIO', prompt: 'rain', ...request });

/** One word an issue: where it is, and what. */
function issuesOf(request: TaskRequest): string[] {
  const { issues } = checkRequest(request, { catalogue: builtInCatalogue, exemptOrigins: ['http://127.0.0.1:4001'] });
  for (const { message } of issues) expect(message).toMatch(/^\S.*\.$/);
  return issues.map(({ path, code }) => `${path.join('.')} ${code}`);
}

type Case = [what: string, accepted: TaskRequest, refused: TaskRequest, issue: string];

const deep = (levels: number): Record<string, unknown> => (levels === 1 ? {} : { a: deep(levels - 1) });
const ofLength = (length: number) => ({ a: 'x'.repeat(length - '{"a":""}'.length) });
const images = (count: number) => Array.from({ length: count }, () => ({ url }));
const cos = { bucketName: 'b', bucketRegion: 'ap-guangzhou' };

describe('the rules for every model', () => {
  test.each<Case>([
    ['an image to have a subject', { kind: 'IMAGE', referenceImages: [{ url }] }, { kind: 'IMAGE' }, 'prompt REQUIRED'],
    [
      'an empty list to be none',
      image({ referenceImages: [] }),
      { kind: 'IMAGE', referenceImages: [] },
      'prompt REQUIRED',
    ],
    ['a video to have a subject', { kind: 'VIDEO', firstFrame: url }, { kind: 'VIDEO' }, 'prompt REQUIRED'],
    [
      'a picture beside a reference video',
      { kind: 'VIDEO', referenceImages: [{ url }], referenceVideos: [{ url }] },
      { kind: 'VIDEO', referenceVideos: [{ url }] },
      'prompt REQUIRED',
    ],
    [
      'more than a reference audio',
      { kind: 'VIDEO', lastFrame: url, referenceAudios: [url] },
      { kind: 'VIDEO', referenceAudios: [url] },
      'prompt REQUIRED',
    ],
    ['audio to be about something', { kind: 'AUDIO', referenceAudios: [url] }, { kind: 'AUDIO' }, 'prompt REQUIRED'],
    [
      'a resource that is named',
      { kind: 'AUDIO', resourceId: 'a' },
      { kind: 'AUDIO', sceneType: 'music' },
      'prompt REQUIRED',
    ],
    [
      'audio parameters to say something',
      { kind: 'AUDIO', additionalParameters: { lyric: 'la' } },
      { kind: 'AUDIO', additionalParameters: {} },
      'prompt REQUIRED',
    ],
    ['a prompt to say something', image({ prompt: ' a ' }), image({ prompt: ' \u3000\n' }), 'prompt REQUIRED'],
    ['a word to say something', audio({ resourceId: 'a' }), audio({ resourceId: '' }), 'resourceId REQUIRED'],
    ['a model name', image({ model: { name: 'x' } }), image({ model: { name: ' ' } }), 'model.name REQUIRED'],
    [
      'a short model name',
      image({ model: { name: 'x'.repeat(100) } }),
      image({ model: { name: 'x'.repeat(101) } }),
      'model.name TOO_LONG',
    ],
    [
      'a short version',
      image({ model: { name: 'x', version: 'x'.repeat(100) } }),
      image({ model: { name: 'x', version: 'x'.repeat(101) } }),
      'model.version TOO_LONG',
    ],
    [
      'a short operator',
      image({ operator: '🐈'.repeat(255) }),
      image({ operator: '🐈'.repeat(256) }),
      'operator TOO_LONG',
    ],
    [
      'a bucket name',
      image({ storeCos: cos }),
      image({ storeCos: { ...cos, bucketName: '' } }),
      'storeCos.bucketName REQUIRED',
    ],
    [
      'a bucket region',
      image({ storeCos: cos }),
      image({ storeCos: { ...cos, bucketRegion: ' ' } }),
      'storeCos.bucketRegion REQUIRED',
    ],
    [
      'a short bucket path',
      image({ storeCos: { ...cos, bucketPath: 'x'.repeat(1024) } }),
      image({ storeCos: { ...cos, bucketPath: 'x'.repeat(1025) } }),
      'storeCos.bucketPath TOO_LONG',
    ],
    [
      'a bounded negative prompt',
      image({ negativePrompt: 'x'.repeat(10_000) }),
      image({ negativePrompt: 'x'.repeat(10_001) }),
      'negativePrompt TOO_LONG',
    ],
    [
      'an image prompt of 1000 characters',
      image({ prompt: '🐈'.repeat(1000) }),
      image({ prompt: 'x'.repeat(1001) }),
      'prompt TOO_LONG',
    ],
    [
      'an audio prompt of 2000 characters',
      audio({ prompt: '🐈'.repeat(2000) }),
      audio({ prompt: 'x'.repeat(2001) }),
      'prompt TOO_LONG',
    ],
    [
      'a bounded video prompt',
      video({ prompt: 'x'.repeat(10_000) }),
      video({ prompt: 'x'.repeat(10_001) }),
      'prompt TOO_LONG',
    ],
    [
      'at least one image',
      image({ outputImageCount: 1 }),
      image({ outputImageCount: 0 }),
      'outputImageCount OUT_OF_RANGE',
    ],
    ['whole images', image({ outputImageCount: 2 }), image({ outputImageCount: 1.5 }), 'outputImageCount OUT_OF_RANGE'],
    [
      'an Int of images',
      image({ outputImageCount: 2 ** 31 - 1 }),
      image({ outputImageCount: 2 ** 31 }),
      'outputImageCount OUT_OF_RANGE',
    ],
    ['at least a second', video({ duration: 1 }), video({ duration: 0 }), 'duration OUT_OF_RANGE'],
    [
      'a documented image resolution',
      image({ resolution: '4K' }),
      image({ resolution: '8K' }),
      'resolution NOT_ALLOWED',
    ],
    [
      'a documented reference type',
      image({ referenceImages: [{ url, referenceType: 'style' }] }),
      image({ referenceImages: [{ url, referenceType: 'mood' }] }),
      'referenceImages.0.referenceType NOT_ALLOWED',
    ],
    [
      'a first frame beside FEATURE only',
      video({ firstFrame: url, referenceVideos: [{ url, role: 'FEATURE' }] }),
      video({ firstFrame: url, referenceVideos: [{ url, role: 'BASE' }] }),
      'firstFrame NOT_ALLOWED',
    ],
    [
      'a last frame beside FEATURE only',
      video({ lastFrame: url, referenceVideos: [{ url }] }),
      video({ lastFrame: url, referenceVideos: [{ url }, { url, role: 'BASE' }] }),
      'lastFrame NOT_ALLOWED',
    ],
    [
      'a bounded list',
      image({ referenceImages: images(50) }),
      image({ referenceImages: images(51) }),
      'referenceImages TOO_MANY',
    ],
    [
      'a bounded list of audios',
      audio({ referenceAudios: Array(50).fill(url) }),
      audio({ referenceAudios: Array(51).fill(url) }),
      'referenceAudios TOO_MANY',
    ],
    [
      'small parameters',
      image({ additionalParameters: ofLength(10_000) }),
      image({ additionalParameters: ofLength(10_001) }),
      'additionalParameters TOO_LONG',
    ],
    [
      'flat parameters',
      image({ additionalParameters: deep(10) }),
      image({ additionalParameters: deep(11) }),
      'additionalParameters NOT_ALLOWED',
    ],
    [
      'parameters of JSON',
      image({ additionalParameters: { a: [1, null] } }),
      image({ additionalParameters: { a: [1, Infinity] } }),
      'additionalParameters.a.1 MALFORMED',
    ],
    [
      'whole numbers that are read as they were written',
      image({ additionalParameters: { a: -Number.MAX_SAFE_INTEGER, b: 0.1 } }),
      image({ additionalParameters: { a: 2 ** 53 } }),
      'additionalParameters.a MALFORMED',
    ],
    [
      'no big integers',
      image({ additionalParameters: { a: 2 ** 53 - 1 } }),
      image({ additionalParameters: { a: 1n } }),
      'additionalParameters.a MALFORMED',
    ],
  ])('ask for %s', (_what, accepted, refused, issue) => {
    expect(issuesOf(accepted)).toStrictEqual([]);
    expect(issuesOf(refused)).toStrictEqual([issue]);
  });

  test.each<[string, (url: string) => TaskRequest]>([
    ['referenceImages.1.url', (bad) => image({ referenceImages: [{ url }, { url: bad }] })],
    ['referenceImages.0.url', (bad) => video({ referenceImages: [{ url: bad }] })],
    ['firstFrame', (bad) => video({ firstFrame: bad })],
    ['lastFrame', (bad) => video({ lastFrame: bad })],
    ['referenceVideos.0.url', (bad) => video({ referenceVideos: [{ url: bad }] })],
    ['referenceAudios.1', (bad) => video({ referenceAudios: [url, bad] })],
    ['referenceAudios.0', (bad) => audio({ referenceAudios: [bad] })],
    ['referenceVideos.0', (bad) => audio({ referenceVideos: [bad] })],
  ])('ask for a public URL at %s', (path, request) => {
    expect(issuesOf(request('http://127.0.0.1:4001/a'))).toStrictEqual([]);
    expect(issuesOf(request('http://127.0.0.1:4002/a'))).toStrictEqual([`${path} PRIVATE_ADDRESS`]);
    expect(issuesOf(request('a.png'))).toStrictEqual([`${path} NOT_A_URL`]);
    expect(issuesOf(request(''))).toStrictEqual([`${path} NOT_A_URL`]);
    expect(issuesOf(request(`${url}\0`))).toStrictEqual([`${path} MALFORMED`]);
  });

  test.each<[string, (text: string) => TaskRequest]>([
    ['prompt', (text) => image({ prompt: text })],
    ['negativePrompt', (text) => video({ negativePrompt: text })],
    ['model.name', (text) => image({ model: { name: text } })],
    ['model.version', (text) => image({ model: { name: 'GEM', version: text } })],
    ['sceneType', (text) => audio({ sceneType: text })],
    ['resolution', (text) => image({ resolution: text })],
    ['referenceImages.0.referenceType', (text) => image({ referenceImages: [{ url, referenceType: text }] })],
    ['storeCos.bucketPath', (text) => image({ storeCos: { ...cos, bucketPath: text } })],
    ['additionalParameters.a.0.b', (text) => image({ additionalParameters: { a: [{ b: text }] } })],
  ])('refuse at %s what PostgreSQL cannot store', (path, request) => {
    expect(issuesOf(request('nul\0'))).toStrictEqual([`${path} MALFORMED`]);
    expect(issuesOf(request('half \ud83d'))).toStrictEqual([`${path} MALFORMED`]);
    expect(issuesOf(request('\udc08 half'))).toStrictEqual([`${path} MALFORMED`]);
  });

  test('refuse keys that PostgreSQL cannot store, and name them in a way that can be sent', () => {
    expect(issuesOf(image({ additionalParameters: { 'whole 🐈': 1 } }))).toStrictEqual([]);
    expect(issuesOf(image({ additionalParameters: { a: { 'b\0': 1 } } }))).toStrictEqual([
      'additionalParameters.a.b\uFFFD MALFORMED',
    ]);
    expect(issuesOf(image({ additionalParameters: { 'b\ud83d': 1 } }))).toStrictEqual([
      'additionalParameters.b\uFFFD MALFORMED',
    ]);
  });

  test('refuse parameters nested thousands deep without running out of stack', () => {
    let parameters: Record<string, unknown> = {};
    for (let level = 0; level < 100_000; level += 1) parameters = { a: parameters };
    expect(issuesOf(image({ additionalParameters: parameters }))).toStrictEqual(['additionalParameters NOT_ALLOWED']);
  });

  test('answer a list that is far too long in few words', () => {
    const referenceAudios = Array.from({ length: 10_000 }, () => 'x');
    expect(issuesOf(audio({ referenceAudios })).length).toBeLessThan(100);
  });

  test('find all mistakes at once', () => {
    const request = video({
      model: { name: 'Kling', version: '2.5' },
      prompt: ' ',
      firstFrame: 'x',
      duration: 7,
      offPeak: true,
      operator: '',
      storeCos: { bucketName: '', bucketRegion: 'r' },
    });
    expect(issuesOf(request).toSorted()).toStrictEqual([
      'duration UNSUPPORTED_BY_MODEL',
      'firstFrame NOT_A_URL',
      'offPeak UNSUPPORTED_BY_MODEL',
      'operator REQUIRED',
      'prompt REQUIRED',
      'storeCos.bucketName REQUIRED',
    ]);
  });

  test('accept a request that uses every field', () => {
    const request = video({
      negativePrompt: 'dogs',
      enhancePrompt: false,
      model: { name: 'Kling', version: 'O1' },
      sceneType: 'motion_control',
      firstFrame: url,
      lastFrame: url,
      referenceImages: [{ url, referenceType: 'asset' }],
      referenceVideos: [{ url, role: 'FEATURE', keepOriginalSound: true }],
      referenceAudios: [url],
      duration: 5,
      aspectRatio: '16:9',
      resolution: '1080P',
      logo: false,
      enableAudio: true,
      enableBackgroundMusic: false,
      offPeak: false,
      additionalParameters: { camera_control: { type: 'simple' } },
      storeCos: { ...cos, bucketPath: '/videos/' },
      operator: 'alice',
    });
    expect(issuesOf(request)).toStrictEqual([]);
  });
});
