import { createCanvas } from '@napi-rs/canvas';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDimensionsReader, type DimensionsReader } from '../../src/archive/read-dimensions.ts';
import { openSpool, type Spool } from '../../src/archive/spool.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { pixels, renderFiles, seconds, type RenderedFiles } from './rendered-files.ts';

let rendered: RenderedFiles;
beforeAll(async () => {
  rendered = await renderFiles();
});

let toClose: AsyncDisposableStack;
let spool: Spool;
let reader: DimensionsReader;
beforeEach(async () => {
  toClose = new AsyncDisposableStack();
  reader = toClose.use(createDimensionsReader(systemClock));
  spool = await openSpool(toClose.use(await createTemporaryDirectory()).path);
});
afterEach(() => toClose.disposeAsync());

async function spooled(...pieces: Uint8Array[]) {
  async function* content() {
    yield* pieces;
  }
  return toClose.use(await spool.take(content()));
}

async function dimensionsOf(bytes: Uint8Array, contentType: string) {
  return await reader.read(await spooled(bytes), contentType);
}

const nothing = { width: null, height: null, duration: null };
const sized = { ...pixels, duration: null };

describe('a picture', () => {
  test('that the sandbox makes tells its size', async () => {
    expect(await dimensionsOf(rendered.png, 'image/png')).toEqual(sized);
    expect(await dimensionsOf(rendered.jpeg, 'image/jpeg')).toEqual(sized);
  });

  test.each([
    ['WebP', 'image/webp', () => createCanvas(pixels.width, pixels.height).toBuffer('image/webp', 80)],
    ['lossless WebP', 'image/webp', () => createCanvas(pixels.width, pixels.height).toBuffer('image/webp', 100)],
    ['GIF', 'image/gif', () => createCanvas(pixels.width, pixels.height).toBuffer('image/gif')],
  ])('as %s tells its size', async (_what, contentType, make) => {
    expect(await dimensionsOf(make(), contentType)).toEqual(sized);
  });

  test('as extended WebP tells its size', async () => {
    const header = Buffer.from('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\x3f\x01\0\xbf\0\0', 'latin1');
    expect(await dimensionsOf(header, 'image/webp')).toEqual(sized);
  });

  test('tells it behind a camera’s long notes', async () => {
    const notes = Buffer.concat([Buffer.from([0xff, 0xe2, 0xff, 0xff]), Buffer.alloc(65_533, 0xc0)]);
    const [start, rest] = [rendered.jpeg.subarray(0, 2), rendered.jpeg.subarray(2)];
    const behind = (count: number) => Buffer.concat([start, ...Array.from({ length: count }, () => notes), rest]);
    expect(await dimensionsOf(behind(6), 'image/jpeg')).toEqual(sized);
    expect(await dimensionsOf(behind(20), 'image/jpeg')).toEqual(nothing);
  });

  test('that is turned to be shown tells the size that is seen', async () => {
    const exif = Buffer.from(
      '\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0',
      'latin1',
    );
    const turned = Buffer.concat([rendered.jpeg.subarray(0, 2), exif, rendered.jpeg.subarray(2)]);
    expect(await dimensionsOf(turned, 'image/jpeg')).toEqual({
      width: pixels.height,
      height: pixels.width,
      duration: null,
    });
  });

  test('as AVIF tells its size', async () => {
    const avif = createCanvas(pixels.width, pixels.height).toBuffer('image/avif');
    expect(await dimensionsOf(avif, 'image/avif')).toEqual(sized);
  });

  test('of a kind that is not read, or cut off, tells nothing', async () => {
    expect(await dimensionsOf(Buffer.from('\0\0\0\x18ftypavif'), 'image/avif')).toEqual(nothing);
    for (const [bytes, type] of [
      [rendered.png, 'image/png'],
      [rendered.jpeg, 'image/jpeg'],
    ] as const) {
      expect(await dimensionsOf(bytes.subarray(0, 15), type)).toEqual(nothing);
    }
  });
});

describe('a video', () => {
  test('tells its size and duration', async () => {
    expect(await dimensionsOf(rendered.mp4, 'video/mp4')).toEqual({ ...pixels, duration: seconds });
  });

  test('as a sound tells its duration only', async () => {
    expect(await dimensionsOf(rendered.mp4, 'audio/mp4')).toEqual({ ...nothing, duration: seconds });
  });
});

test.each([
  ['mp3', 'audio/mpeg', 0.1],
  ['wav', 'audio/wav', 0],
] as const)('a sound as %s tells its duration', async (name, contentType, tolerance) => {
  const { duration, ...size } = await dimensionsOf(rendered[name], contentType);
  expect(size).toEqual({ width: null, height: null });
  expect(Math.abs(Number(duration) - seconds)).toBeLessThanOrEqual(tolerance);
});

describe('a file that is made to do harm', () => {
  const box = (type: string, size: number, ...content: Uint8Array[]) => {
    const header = Buffer.alloc(8);
    header.writeUInt32BE(size);
    header.write(type, 4, 'latin1');
    return Buffer.concat([header, ...content]);
  };
  const isom = box('ftyp', 24, Buffer.from('isom\0\0\x02\0isomavc1', 'latin1'));

  /** Overwrites a field, `offset` bytes behind the name of the first box of this type. */
  function forge(type: string, offset: number, value: number): Buffer {
    const forged = Buffer.from(rendered.mp4);
    forged.writeUInt32BE(value, forged.indexOf(type, 'latin1') + 4 + offset);
    return forged;
  }

  test.each<[string, () => Buffer]>([
    ['is cut off', () => rendered.mp4.subarray(0, rendered.mp4.length / 2)],
    ['ends after its type', () => isom],
    ['is noise', () => Buffer.concat([isom, Buffer.alloc(100_000, 0xa5)])],
    ['has a box without end', () => Buffer.concat([isom, box('moov', 0xffffffff)])],
    ['has a box without size', () => Buffer.concat([isom, box('moov', 0), box('moov', 0)])],
    ['has a thousand boxes in one another', () => Buffer.concat([isom, ...nested(1000)])],
    ['has four thousand million samples', () => forge('stts', 4, 0xffffffff)],
    ['has samples that are four thousand million times as many', () => forge('stts', 8, 0xffffffff)],
    ['has four thousand million pieces', () => forge('stsc', 4, 0xffffffff)],
    ['has sizes for four thousand million samples', () => forge('stsz', 8, 0xffffffff)],
  ])('%s: it is answered soon, with nothing made up', async (_what, make) => {
    const { width, height, duration } = await dimensionsOf(make(), 'video/mp4');
    expect([null, pixels.width]).toContain(width);
    expect([null, pixels.height]).toContain(height);
    expect([null, seconds]).toContain(duration);
  });

  function nested(depth: number): Buffer[] {
    return Array.from({ length: depth }, (_, index) => box(index === 0 ? 'moov' : 'trak', 8 * (depth - index)));
  }

  test('has a table of contents that fills the memory: it is given up', async () => {
    const size = 300_000_000;
    const piece = Buffer.alloc(10_000_000, 1);
    const pieces = Array.from({ length: size / piece.length }, () => piece);
    const file = await spooled(isom, box('moov', size + 8), ...pieces);
    const before = process.memoryUsage().rss;
    let highest = before;
    const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 5);
    try {
      expect(await reader.read(file, 'video/mp4')).toEqual(nothing);
    } finally {
      clearInterval(watch);
    }
    expect(highest - before).toBeLessThan(150_000_000);
  });

  test('takes longer than it may: it is given up, and its thread is gone', async () => {
    const clock = createManualClock();
    await using patient = createDimensionsReader(clock);
    const reading = patient.read(await spooled(rendered.mp4), 'video/mp4');
    await vi.waitUntil(() => clock.sleepers() === 1);
    expect(process.getActiveResourcesInfo()).toContain('MessagePort');
    await clock.advance(10_000);
    expect(await reading).toEqual(nothing);
    expect(clock.sleepers()).toBe(0);
    expect(process.getActiveResourcesInfo()).not.toContain('MessagePort');
    // The next one is read by another.
    expect(await patient.read(await spooled(rendered.png), 'image/png')).toEqual(sized);
  });

  test('tells absurd sizes: they are passed over', async () => {
    const png = Buffer.from(rendered.png);
    png.writeUInt32BE(0xfffffff0, 16);
    expect(await dimensionsOf(png, 'image/png')).toEqual(nothing);
  });
});
