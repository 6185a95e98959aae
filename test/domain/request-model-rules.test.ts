import { describe, expect, test } from 'vitest';
import { builtInCatalogue, parseModelCatalogue } from '../../src/domain/models/model-catalogue.ts';
import type { ModelCatalogue } from '../../src/domain/models/model-catalogue.ts';
import { checkRequest } from '../../src/domain/request/request-rules.ts';
import type { ImageTaskRequest, TaskRequest, VideoTaskRequest } from '../../src/domain/request/request.ts';

const url = 'https://example.com/a';
const images = (count: number, referenceType?: string) =>
  Array.from({ length: count }, () => (referenceType === undefined ? { url } : { url, referenceType }));

function issuesOf(request: TaskRequest, catalogue: ModelCatalogue = builtInCatalogue): string[] {
  const { issues } = checkRequest(request, { catalogue, exemptOrigins: [] });
  return issues.map(({ path, code }) => `${path.join('.')} ${code}`);
}

/** "Kling 2.5" asks for a version, "Kling" for the vendor's default. */
function modelOf(words: string) {
  const [name = '', version] = words.split(' ');
  return version === undefined ? { name } : { name, version };
}

const image = (model: string, request: Omit<ImageTaskRequest, 'kind'> = {}): TaskRequest => ({
  kind: 'IMAGE',
  prompt: 'a cat',
  model: modelOf(model),
  ...request,
});
const video = (model: string, request: Omit<VideoTaskRequest, 'kind'> = {}): TaskRequest => ({
  kind: 'VIDEO',
  prompt: 'a cat',
  model: modelOf(model),
  ...request,
});

test.each([
  ['Hunyuan 3.0', 3],
  ['GEM 2.5', 3],
  ['GEM 3.0', 3],
  ['Qwen 0925', 1],
  ['Vidu q2', 7],
  ['Kling 2.1', 4],
  ['Kling O1', 10],
  ['Kling 3.0', 1],
  ['Kling 3.0-Omni', 10],
  ['Kling', 10],
])('%s makes an image of at most %i reference images', (model, max) => {
  expect(issuesOf(image(model, { referenceImages: images(max) }))).toStrictEqual([]);
  expect(issuesOf(image(model, { referenceImages: images(max + 1) }))).toStrictEqual(['referenceImages TOO_MANY']);
});

test.each([
  ['Hunyuan 1.5', 1],
  ['Hailuo 02', 1],
  ['Kling 1.6', 4],
  ['Kling 2.1', 1],
  ['Kling O1', 7],
  ['Kling 3.0-Omni', 7],
  ['Kling', 7],
  ['Vidu q2', 7],
  ['Vidu q3-mix', 7],
  ['PixVerse v6', 7],
  ['Mingmou', 1],
  ['H2 1.0', 9],
])('%s makes a video of at most %i reference images', (model, max) => {
  expect(issuesOf(video(model, { referenceImages: images(max) }))).toStrictEqual([]);
  expect(issuesOf(video(model, { referenceImages: images(max + 1) }))).toStrictEqual(['referenceImages TOO_MANY']);
});

test.each([
  ['Kling O1', 4],
  ['Kling 3.0-Omni', 4],
  ['H2 1.0', 5],
  ['Vidu q2-pro', 7],
])('%s takes at most %i reference images beside a video', (model, max) => {
  const referenceVideos = [{ url }];
  expect(issuesOf(video(model, { referenceVideos }))).toStrictEqual([]);
  expect(issuesOf(video(model, { referenceVideos, referenceImages: images(max) }))).toStrictEqual([]);
  expect(issuesOf(video(model, { referenceVideos, referenceImages: images(max + 1) }))).toStrictEqual([
    'referenceImages TOO_MANY',
  ]);
});

test.each(['Hunyuan 1.5', 'Hailuo 2.3', 'Kling 2.6', 'Vidu q2', 'Vidu q3', 'PixVerse c1', 'Mingmou'])(
  '%s takes no reference video, for Kling O1, 3.0-Omni, Vidu q2-pro and H2 alone do',
  (model) => {
    expect(issuesOf(video(model, { referenceVideos: [] }))).toStrictEqual([]);
    expect(issuesOf(video(model, { referenceVideos: [{ url }] }))).toStrictEqual([
      'referenceVideos UNSUPPORTED_BY_MODEL',
    ]);
  },
);

test('a scene of the model may follow a reference video that the model alone would not take', () => {
  const request = { referenceVideos: [{ url }], firstFrame: url };
  expect(issuesOf(video('Kling 2.6', { ...request, sceneType: 'motion_control' }))).toStrictEqual([]);
  expect(issuesOf(video('Kling 2.6', request))).toStrictEqual(['referenceVideos UNSUPPORTED_BY_MODEL']);
});

test.each([
  ['Kling 2.5', [5, 10], [4, 6, 7, 11]],
  ['Kling O1', [3, 10], [2, 11]],
  ['Kling 3.0', [3, 15], [2, 16]],
  ['Kling 3.0-Omni', [3, 15], [2, 16]],
  ['Kling', [3, 15], [2, 16]],
  ['Hailuo 02', [6, 10], [5, 7]],
  ['Vidu q3', [3, 16], [2, 17]],
  ['Vidu q3-turbo', [3, 16], [2, 17]],
  ['Vidu q2', [1, 10], [11]],
  ['Vidu q2-pro', [1, 10], [11]],
  ['PixVerse v5.6', [5, 8, 10], [4, 6, 9]],
  ['PixVerse c1', [1, 15], [16]],
  ['H2 1.0', [3, 15], [2, 16]],
  ['Hunyuan 1.5', [1, 600], []],
])('%s makes videos of %j seconds, not of %j', (model, accepted, refused) => {
  for (const duration of accepted) expect(issuesOf(video(model, { duration }))).toStrictEqual([]);
  for (const duration of refused)
    expect(issuesOf(video(model, { duration }))).toStrictEqual(['duration UNSUPPORTED_BY_MODEL']);
});

test.each<[string, TaskRequest, TaskRequest]>([
  ['3d_panorama', image('Hunyuan 3.0', { sceneType: '3d_panorama' }), image('GEM', { sceneType: '3d_panorama' })],
  ['lip_sync', video('Kling', { sceneType: 'lip_sync' }), video('Hailuo', { sceneType: 'lip_sync' })],
  ['land2port', video('Mingmou', { sceneType: 'land2port' }), video('Vidu', { sceneType: 'land2port' })],
  [
    'template_effect',
    video('Vidu q3', { sceneType: 'template_effect' }),
    video('Kling', { sceneType: 'template_effect' }),
  ],
  ['3d_scene', video('Hunyuan', { sceneType: '3d_scene' }), video('H2', { sceneType: '3d_scene' })],
  ['an unheard-of one', video('H2', { sceneType: 'zoom' }), video('Kling', { sceneType: 'zoom' })],
  [
    'music',
    { kind: 'AUDIO', prompt: 'rain', model: { name: 'GL' }, sceneType: 'music' },
    { kind: 'AUDIO', prompt: 'rain', model: { name: 'GL' }, sceneType: 'speech' },
  ],
])('the scene type %s goes with its own models', (_what, accepted, refused) => {
  expect(issuesOf(accepted)).toStrictEqual([]);
  expect(issuesOf(refused)).toStrictEqual(['sceneType UNSUPPORTED_BY_MODEL']);
});

test('off-peak is for Vidu', () => {
  expect(issuesOf(video('Vidu q2', { offPeak: true }))).toStrictEqual([]);
  expect(issuesOf(video('Hailuo', { offPeak: false }))).toStrictEqual([]);
  expect(issuesOf(video('Hailuo', { offPeak: true }))).toStrictEqual(['offPeak UNSUPPORTED_BY_MODEL']);
});

test("Vidu's reference types name subjects and are its own business", () => {
  expect(issuesOf(image('Vidu q2', { referenceImages: images(1, 'hero') }))).toStrictEqual([]);
  expect(issuesOf(image('GEM', { referenceImages: images(1, 'asset') }))).toStrictEqual([]);
  expect(issuesOf(image('GEM', { referenceImages: images(1, 'hero') }))).toStrictEqual([
    'referenceImages.0.referenceType NOT_ALLOWED',
  ]);
});

test('what is not documented is passed on', () => {
  const request = {
    aspectRatio: '7:5',
    resolution: '512P',
    negativePrompt: 'dogs',
    lastFrame: url,
    referenceAudios: [url],
  };
  expect(issuesOf(video('Hailuo 2.3', request))).toStrictEqual([]);
  expect(issuesOf(image('Qwen', { aspectRatio: '7:5', outputImageCount: 9 }))).toStrictEqual([]);
});

test("an operator's catalogue can limit what the vendor's documents leave open", () => {
  const rules = {
    maxPromptLength: 5,
    supportsNegativePrompt: false,
    supportsLastFrame: false,
    maxReferenceAudios: 0,
    aspectRatios: ['1:1'],
    resolutions: ['720P'],
  };
  const catalogue = parseModelCatalogue({ VIDEO: { A: { rules } } });
  const accepted = { prompt: 'a cat', aspectRatio: '1:1', resolution: '720P' };
  const refused = {
    prompt: 'a lion',
    aspectRatio: '3:4',
    resolution: '4K',
    negativePrompt: 'x',
    lastFrame: url,
    referenceAudios: [url],
  };
  expect(issuesOf(video('A', accepted), catalogue)).toStrictEqual([]);
  expect(issuesOf(video('A', refused), catalogue)).toStrictEqual([
    'prompt TOO_LONG',
    'referenceAudios UNSUPPORTED_BY_MODEL',
    'negativePrompt UNSUPPORTED_BY_MODEL',
    'lastFrame UNSUPPORTED_BY_MODEL',
    'aspectRatio UNSUPPORTED_BY_MODEL',
    'resolution UNSUPPORTED_BY_MODEL',
  ]);
});

describe('a model that the catalogue does not know', () => {
  const loose = {
    duration: 99,
    offPeak: true,
    lastFrame: url,
    sceneType: 'lip_sync',
    referenceImages: images(20),
    referenceVideos: [{ url }],
  };
  const check = (request: TaskRequest) => checkRequest(request, { catalogue: builtInCatalogue, exemptOrigins: [] });

  test.each([
    ['Sora 2', 'video model "Sora"'],
    ['kling', 'video model "kling"'],
    ['Klin', /the model's limits\.$/],
    ['k-ling 2.5', /Did you mean "Kling"\?$/],
    ['Kling 9.9', 'version "9.9" of Kling'],
  ])('is passed on with a warning: %s', (model, part) => {
    const { issues, warnings } = check(video(model, loose));
    expect(issues).toStrictEqual([]);
    expect(warnings).toStrictEqual([expect.stringMatching(part)]);
  });

  test('is still held to what holds for every model', () => {
    expect(issuesOf(image('Sora', { prompt: 'x'.repeat(1001), resolution: '8K' }))).toStrictEqual([
      'prompt TOO_LONG',
      'resolution NOT_ALLOWED',
    ]);
  });

  test('is not warned of when it is known, or when none is named', () => {
    expect(check(video('Kling 2.5')).warnings).toStrictEqual([]);
    expect(check({ kind: 'VIDEO', prompt: 'a cat', ...loose })).toStrictEqual({ issues: [], warnings: [] });
  });
});

test('a message says what is wrong and what is allowed', () => {
  const messagesOf = (request: TaskRequest) =>
    checkRequest(request, { catalogue: builtInCatalogue, exemptOrigins: [] }).issues.map(({ message }) => message);
  expect(messagesOf(video('Kling 2.5', { duration: 7 }))).toStrictEqual([
    'The duration 7 does not work with Kling 2.5. Choose 5 or 10.',
  ]);
  expect(messagesOf(video('H2', { duration: 20 }))).toStrictEqual([
    'The duration 20 does not work with H2. Choose 3 to 15.',
  ]);
  expect(messagesOf(image('GEM', { resolution: '8K' }))).toStrictEqual([
    'The resolution "8K" is not allowed. Choose 720P, 1080P, 2K or 4K.',
  ]);
  expect(messagesOf(image('GEM 3.0', { referenceImages: images(4) }))).toStrictEqual([
    'There are 4 reference images; GEM 3.0 takes at most 3 here.',
  ]);
});
