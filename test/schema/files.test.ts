import { describe, expect, it } from 'vitest';
import type { FilesExpiry, ResultFile } from '../../src/domain/task/task.ts';
import { ask, now } from './ask.ts';
import { createInMemoryUseCases, imageTask, taskId } from './in-memory-use-cases.ts';

const url = 'https://cos.example/result.png';
const image: ResultFile = { type: 'IMAGE', url, duration: null };
const query = '{ tasks { nodes { ... on AigcTask { files { id url expiresAt expired } } } } }';

function doneTask(filesExpiry: FilesExpiry, files = [image]) {
  return imageTask(1, { state: 'ended', status: 'DONE', files, filesExpiry });
}

describe('a result file', () => {
  it.each<[string, FilesExpiry, object]>([
    [
      'is handed out until its last moment',
      { kind: 'at', at: new Date(now.getTime() + 1) },
      { url, expiresAt: '2026-07-01T18:00:00.001Z', expired: false },
    ],
    [
      'is withheld from that moment on',
      { kind: 'at', at: now },
      { url: null, expiresAt: '2026-07-01T18:00:00.000Z', expired: true },
    ],
    ["never expires in a bucket of the caller's own", { kind: 'never' }, { url, expiresAt: null, expired: false }],
  ])('%s', async (_behaviour, expiry, expected) => {
    const { useCases, calls } = createInMemoryUseCases([doneTask(expiry)]);

    const { data } = await ask(useCases, query);

    expect(data).toEqual({ tasks: { nodes: [{ files: [{ id: `${taskId(1)}_0`, ...expected }] }] } });
    expect(calls.map(([useCase]) => useCase)).not.toContain('tryFileUrl');
  });

  it.each([
    [
      'is handed out until the moment at which a trial saw it work',
      now,
      { url, expiresAt: '2026-07-01T18:00:00.000Z', expired: false },
    ],
    ['is withheld when a trial found it dead', null, { url: null, expiresAt: null, expired: true }],
  ])('of unknown expiry %s, tried once for all its fields', async (_behaviour, seenAliveAt, expected) => {
    const { useCases, calls } = createInMemoryUseCases([doneTask({ kind: 'unknown' })], {
      tryFileUrl: async () => seenAliveAt,
    });

    const { data } = await ask(
      useCases,
      '{ task(id: "' +
        taskId(1) +
        '") { ... on ImageTask { files { url expiresAt expired } images { url expired } } } }',
    );

    expect(data).toMatchObject({ task: { files: [expected], images: [{ url: expected.url }] } });
    expect(calls.filter(([useCase]) => useCase === 'tryFileUrl')).toEqual([['tryFileUrl', url]]);
  });

  it.each<[string, FilesExpiry, boolean]>([
    ['that lives', { kind: 'at', at: new Date(now.getTime() + 1) }, false],
    ['that has expired', { kind: 'at', at: now }, true],
    ['that never expires', { kind: 'never' }, false],
    ['whose expiry is unknown', { kind: 'unknown' }, false],
  ])('%s and lies in a private network has no URL, is not tried, and is warned of', async (_which, expiry, expired) => {
    const inside: ResultFile = { ...image, url: 'http://10.0.0.7/result.png' };
    const task = { ...doneTask(expiry, [inside]), warnings: ['The model is unknown.'] };
    const { useCases, calls } = createInMemoryUseCases([task], { tryFileUrl: async () => now });

    const { data } = await ask(useCases, '{ tasks { nodes { ... on AigcTask { warnings files { url expired } } } } }');

    const warnings = ['The model is unknown.', expect.stringContaining('is not handed out')];
    expect(data).toEqual({ tasks: { nodes: [{ warnings, files: [{ url: null, expired }] }] } });
    expect(calls.map(([useCase]) => useCase)).not.toContain('tryFileUrl');
  });

  const archived = {
    key: 'ada/one/0.png',
    contentType: 'image/png',
    byteSize: 3_000_000_000,
    checksum: 'abc',
    width: 1_920,
    height: 1_080,
    duration: 7.5,
  };
  const expired: FilesExpiry = { kind: 'at', at: now };
  const ofArchive = { url: 'https://archive.example/1', expiresAt: new Date('2026-07-02T18:00:00Z') };
  const archiveQuery =
    '{ tasks { nodes { ... on AigcTask { files { url expiresAt expired archived contentType byteSize checksum } } } } }';

  it.each([
    ['at once', () => ofArchive],
    ['after signing', async () => ofArchive],
  ])('that is archived is handed out from there, %s, though the vendor has deleted it', async (_when, findFileUrl) => {
    const { useCases } = createInMemoryUseCases([doneTask(expired, [{ ...image, archived }])], { findFileUrl });
    const { data } = await ask(useCases, archiveQuery);
    const { contentType, byteSize, checksum } = archived;
    const expected = { ...ofArchive, expired: false, archived: true, contentType, byteSize, checksum };
    expect(data).toEqual({
      tasks: { nodes: [{ files: [{ ...expected, expiresAt: '2026-07-02T18:00:00.000Z' }] }] },
    });
  });

  it.each([
    ['at once', () => null],
    ['after a look', async () => null],
  ])('whose archive is gone is what it would be without one, %s', async (_when, findFileUrl) => {
    const { useCases } = createInMemoryUseCases([doneTask(expired, [{ ...image, archived }])], { findFileUrl });
    const { data } = await ask(useCases, query);
    expect(data).toMatchObject({ tasks: { nodes: [{ files: [{ url: null, expired: true }] }] } });
  });

  it('tells what the vendor did not, from the archived file', async () => {
    const video = (changes: Partial<ResultFile>): ResultFile => ({ ...image, type: 'VIDEO', ...changes });
    const tasks = [
      doneTask(expired, [video({ archived })]),
      doneTask(expired, [video({ archived, duration: 8 })]),
      doneTask(expired, [video({ archived: { ...archived, width: null } })]),
    ].map((task, index) => ({ ...task, kind: 'VIDEO' as const, resolution: index === 1 ? '640x360' : null }));
    const { useCases } = createInMemoryUseCases(tasks.map((task) => ({ ...task, request: null })));
    const { data } = await ask(
      useCases,
      '{ tasks { nodes { ... on VideoTask { resolution width height videos { duration } } } } }',
    );
    expect(data).toEqual({
      tasks: {
        nodes: [
          { resolution: '1920x1080', width: 1_920, height: 1_080, videos: [{ duration: 7.5 }] },
          { resolution: '640x360', width: 640, height: 360, videos: [{ duration: 8 }] },
          { resolution: null, width: null, height: null, videos: [{ duration: 7.5 }] },
        ],
      },
    });
  });

  it('is found among all files and among those of its type, with one id', async () => {
    const dubbed = imageTask(1, {
      kind: 'AUDIO',
      request: null,
      filesExpiry: { kind: 'never' },
      files: [
        { type: 'AUDIO', url: 'https://cos.example/a.mp3', duration: 12.5 },
        { type: 'VIDEO', url: 'https://cos.example/v.mp4', duration: null },
      ],
    });
    const { useCases } = createInMemoryUseCases([dubbed]);

    const { data } = await ask(
      useCases,
      '{ tasks { nodes { ... on AudioTask { files { __typename id } audios { id duration } videos { id duration } } } } }',
    );

    const [audioId, videoId] = [`${taskId(1)}_0`, `${taskId(1)}_1`];
    expect(data?.['tasks']).toEqual({
      nodes: [
        {
          files: [
            { __typename: 'AudioFile', id: audioId },
            { __typename: 'VideoFile', id: videoId },
          ],
          audios: [{ id: audioId, duration: 12.5 }],
          videos: [{ id: videoId, duration: null }],
        },
      ],
    });
  });
});

it.each([
  ['1920x1088', { resolution: '1920x1088', width: 1920, height: 1088 }],
  ['1080*720', { resolution: '1080x720', width: 1080, height: 720 }],
  ['portrait', { resolution: 'portrait', width: null, height: null }],
  [null, { resolution: null, width: null, height: null }],
])("reads a video's size from %j", async (resolution, expected) => {
  const { useCases } = createInMemoryUseCases([imageTask(1, { kind: 'VIDEO', request: null, resolution })]);

  const { data } = await ask(useCases, '{ tasks { nodes { ... on VideoTask { resolution width height } } } }');

  expect(data).toEqual({ tasks: { nodes: [expected] } });
});
