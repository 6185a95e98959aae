import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from './test-sandbox.ts';

let running: TestSandbox;
beforeAll(async () => {
  running = await startTestSandbox({ speed: 1 });
});
afterAll(() => running[Symbol.asyncDispose]());

const fox = { Prompt: 'a red fox, 静かな森, 안녕 🦊' };

/** Creates a task, lets it end, and returns the addresses of its results. */
async function make(action: string, request: object): Promise<string[]> {
  const TaskId = await running.create(action, request);
  const task = running.sandbox.tasks().at(-1);
  await running.clock.advance((task?.endsAt ?? 0) - running.clock.now());
  const answer = await running.call(action.replace('Create', 'Describe'), { TaskId });
  const files = [...(answer.AudioInfos ?? []), ...(answer.VideoInfos ?? [])].map(({ Url }) => Url);
  return [...(answer.ImageUrls ?? []), ...(answer.VideoUrls ?? []), ...files];
}

async function makeOne(action: string, request: object): Promise<string> {
  const [url] = await make(action, request);
  if (url === undefined) throw new Error('no result');
  return url;
}

async function download(url: string): Promise<{ type: string | null; bytes: Buffer }> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return { type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
}

describe('an image', () => {
  it('is a PNG of the asked shape', async () => {
    const request = { ...fox, ExtraParameters: { AspectRatio: '16:9' } };
    const { type, bytes } = await download(await makeOne('CreateAigcImageTask', request));
    const { width, height } = PNG.sync.read(bytes);
    expect(type).toBe('image/png');
    expect(width / height).toBeCloseTo(16 / 9, 2);
    expect(width * height).toBeGreaterThan(900_000);
  });

  it('takes its shape from a size among the additional parameters', async () => {
    const request = { ...fox, AdditionalParameters: '{"size":"512x1024"}' };
    const { width, height } = PNG.sync.read((await download(await makeOne('CreateAigcImageTask', request))).bytes);
    expect(height / width).toBeCloseTo(2, 2);
  });

  it('is another one for another prompt, and for each of several', async () => {
    const urls = [
      ...(await make('CreateAigcImageTask', { Prompt: 'day', OutputImageCount: 2 })),
      ...(await make('CreateAigcImageTask', { Prompt: 'night' })),
    ];
    const pictures = await Promise.all(urls.map(async (url) => (await download(url)).bytes.toString('base64')));
    expect(new Set(pictures).size).toBe(3);
  });

  it('is a JPEG if that was asked for', async () => {
    const request = { ...fox, ExtraParameters: { OutputFormat: 'jpeg' } };
    const { type, bytes } = await download(await makeOne('CreateAigcImageTask', request));
    expect(type).toBe('image/jpeg');
    expect(bytes.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  });
});

it('a video is an H.264 MP4 of the asked length and shape', async () => {
  const request = { ...fox, Duration: 3, ExtraParameters: { AspectRatio: '9:16' } };
  const { type, bytes } = await download(await makeOne('CreateAigcVideoTask', request));
  expect(type).toBe('video/mp4');
  expect(bytes.subarray(4, 8).toString()).toBe('ftyp');
  expect(bytes.includes('moov')).toBe(true);

  // mvhd, version 0: time scale and duration stand 12 and 16 bytes after its flags.
  const movieHeader = bytes.indexOf('mvhd') + 4;
  expect(bytes.readUInt32BE(movieHeader + 16) / bytes.readUInt32BE(movieHeader + 12)).toBeCloseTo(3, 1);
  // avc1: width and height stand 24 and 26 bytes after its size and type.
  const sample = bytes.indexOf('avc1', bytes.indexOf('stsd')) + 4;
  expect(bytes.readUInt16BE(sample + 24) / bytes.readUInt16BE(sample + 26)).toBeCloseTo(9 / 16, 2);
});

describe('a sound', () => {
  it('is a WAV of the length that was told, and can be heard', async () => {
    const { type, bytes } = await download(
      await makeOne('CreateAigcAudioTask', { ...fox, ModelName: 'GL', ModelVersion: '3.0-clip' }),
    );
    expect(type).toBe('audio/wav');
    expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 12)).toBe('RIFFWAVE');
    expect(bytes.readUInt32LE(40) / bytes.readUInt32LE(28)).toBeCloseTo(30, 2);
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset + 44, (bytes.length - 44) / 2);
    expect(samples.some((sample) => sample > 20_000)).toBe(true);
  });

  it('is an MP3 if that was asked for', async () => {
    const { type, bytes } = await download(await makeOne('CreateAigcAudioTask', { ...fox, OutputAudioFormat: 'mp3' }));
    expect(type).toBe('audio/mpeg');
    // The sync word of an MPEG audio frame.
    expect(bytes.readUInt16BE(0) & 0xffe0).toBe(0xffe0);
  });
});

describe('over HTTP a result', () => {
  it('answers HEAD as it would GET, without the body', async () => {
    const url = await makeOne('CreateAigcImageTask', fox);
    const head = await fetch(url, { method: 'HEAD' });
    const { bytes } = await download(url);
    expect(head.headers.get('content-length')).toBe(String(bytes.length));
    expect(head.headers.get('accept-ranges')).toBe('bytes');
    expect(head.headers.get('access-control-allow-origin')).toBe('*');
    expect(Date.parse(head.headers.get('last-modified') ?? '')).toBeLessThanOrEqual(running.clock.now());
    expect(await head.text()).toBe('');
  });

  it('comes in ranges', async () => {
    const url = await makeOne('CreateAigcImageTask', fox);
    const { bytes } = await download(url);
    const { length } = bytes;
    const get = (range: string) => fetch(url, { headers: { range } });
    for (const [range, start, end] of [
      ['bytes=0-99', 0, 99],
      ['bytes=100-', 100, length - 1],
      ['bytes=-10', length - 10, length - 1],
      [`bytes=5-${length * 2}`, 5, length - 1],
    ] as const) {
      const response = await get(range);
      expect(response.status).toBe(206);
      expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/${length}`);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes.subarray(start, end + 1));
    }
    for (const range of [`bytes=${length}-`, 'bytes=-0']) {
      const response = await get(range);
      expect([response.status, response.headers.get('content-range')]).toEqual([416, `bytes */${length}`]);
    }
    for (const range of ['bytes=9-1', 'bytes=-', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,3-4']) {
      expect((await get(range)).status).toBe(200);
    }
  });

  it('is not sent again to who has it, nor in part to who has another one', async () => {
    const url = await makeOne('CreateAigcImageTask', fox);
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await fetch(url, { headers: { range: 'bytes=0-9', 'if-range': etag } })).status).toBe(206);
    expect((await fetch(url, { headers: { range: 'bytes=0-9', 'if-range': '"another"' } })).status).toBe(200);
  });

  it('is rendered once for all who ask at the same time', async () => {
    const url = await makeOne('CreateAigcImageTask', { Prompt: 'wanted by many' });
    const copies = await Promise.all(
      Array.from({ length: 8 }, async () => (await download(url)).bytes.toString('hex')),
    );
    expect(new Set(copies).size).toBe(1);
  });

  it('is there for 12 hours after the end, and gone afterwards', async () => {
    const url = await makeOne('CreateAigcImageTask', fox);
    await running.clock.advance(12 * 3_600_000 - 1);
    expect((await fetch(url)).status).toBe(200);
    await running.clock.advance(1);
    const gone = await fetch(url);
    expect([gone.status, gone.headers.get('content-type')]).toEqual([404, 'application/xml']);
    expect(await gone.text()).toContain('<Code>NoSuchKey</Code>');
  });

  it('is not there before the end, nor under a guessed name', async () => {
    const url = await makeOne('CreateAigcImageTask', fox);
    const status = async (address: string) => (await fetch(address)).status;
    expect(await status(url)).toBe(200);
    expect(await status(url.replace('-0.png', '-1.png'))).toBe(404);
    expect(await status(url.replace(/results\/\w+/, 'results/..%2f..'))).toBe(404);
    expect(await status(`${url}/../../../tasks.jsonl`)).toBe(404);

    await running.create('CreateAigcImageTask', fox);
    const [task] = running.sandbox.tasks().slice(-1);
    const early = `${running.sandbox.endpoint}/results/${task?.fileKey}/${task?.taskId}-0.png`;
    expect(await status(early)).toBe(404);
    await running.clock.advance((task?.endsAt ?? 0) - running.clock.now());
    expect(await status(early)).toBe(200);
  });
});

it('deletes what has expired when it starts', async () => {
  const start = await startTestSandbox();
  const { directory, clock } = start;
  await start.create('CreateAigcImageTask', fox);
  const [task] = start.sandbox.tasks();
  await clock.advance((task?.endsAt ?? 0) - clock.now());
  await fetch(`${start.sandbox.endpoint}/results/${task?.fileKey}/${task?.taskId}-0.png`);
  expect(await readdir(join(directory, 'results'))).toEqual([task?.fileKey]);
  await start.sandbox.close();

  await clock.advance(24 * 3_600_000);
  await using again = await startTestSandbox({ directory, clock });
  await expect.poll(() => readdir(join(directory, 'results'))).toEqual([]);
  expect(again.sandbox.tasks()).toHaveLength(1);
  await start[Symbol.asyncDispose]();
});

describe('where nothing can draw', () => {
  it.each([
    ['CreateAigcImageTask', {}, 'image/png', '89504e47'],
    ['CreateAigcImageTask', { ExtraParameters: { OutputFormat: 'jpeg' } }, 'image/jpeg', 'ffd8ffe0'],
    ['CreateAigcAudioTask', { OutputAudioFormat: 'wav' }, 'audio/wav', '52494646'],
    ['CreateAigcAudioTask', { OutputAudioFormat: 'mp3' }, 'audio/mpeg', 'ff'],
    ['CreateAigcVideoTask', {}, 'video/mp4', '0000'],
  ])('%s %o gives a small file of its format', async (action, request, contentType, beginning) => {
    await using plain = await startTestSandbox({ draws: false });
    const TaskId = await plain.create(action, { ...fox, ...request });
    await plain.clock.advance((plain.sandbox.tasks()[0]?.endsAt ?? 0) - plain.clock.now());
    const { ImageUrls, VideoUrls, AudioInfos } = await plain.call(action.replace('Create', 'Describe'), { TaskId });
    const [url = ''] = [...(ImageUrls ?? []), ...(VideoUrls ?? []), ...(AudioInfos ?? []).map(({ Url }) => Url)];
    const { type, bytes } = await download(url);
    expect(type).toBe(contentType);
    expect(bytes.toString('hex')).toMatch(new RegExp(`^${beginning}`));
    expect(bytes.length).toBeLessThan(40_000);
  });
});
