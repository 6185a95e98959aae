import { Worker } from 'node:worker_threads';
import type { Clock } from '../kit/clock.ts';
import { createTimeLimit } from '../kit/time-limit.ts';
import type { Dimensions, DimensionsJob } from './dimensions-job.ts';
import { readPictureSize } from './picture-size.ts';
import type { SpooledFile } from './spool.ts';

// Where a camera's notes and a colour profile stand before a JPEG's size.
const pictureHeadBytes = 512 * 1024;
// A common file takes a fifth of a second, most of it the thread's start.
const limitMs = 10_000;
const heapMb = 128;

const none: Dimensions = { width: null, height: null, duration: null };
// Beyond any real one; they come from files that anybody may have written.
const maxPixels = 100_000;
const shortestS = 0.001;
const longestS = 7 * 24 * 3600;

/**
 * Reads what a file tells about itself; null is what it doesn't tell, or not in a way that is understood. Sounds and videos
 * are read in a thread of their own with little time and memory: no file can hold up the gateway.
 */
export async function readDimensions(file: SpooledFile, contentType: string, clock: Clock): Promise<Dimensions> {
  if (contentType.startsWith('image/')) {
    const size = readPictureSize(await readHead(file), contentType);
    return plausible({ ...none, ...size });
  }
  const { descriptor, byteSize } = file;
  return plausible(await readInThread({ descriptor, byteSize, contentType }, clock));
}

async function readHead(file: SpooledFile): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of file.read()) {
    pieces.push(piece);
    length += piece.length;
    if (length >= pictureHeadBytes) break;
  }
  return Buffer.concat(pieces);
}

async function readInThread(job: DimensionsJob, clock: Clock): Promise<Dimensions> {
  const worker = new Worker(new URL('./dimensions-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  using limit = createTimeLimit(clock, limitMs);
  const answered = new Promise<Dimensions>((resolve) => {
    worker.once('message', resolve);
    worker.once('error', () => resolve(none));
    worker.once('exit', () => resolve(none));
  });
  try {
    return (await Promise.race([answered, limit.passed])) ?? none;
  } finally {
    // Before the file may be closed, as it reads from the same descriptor.
    await worker.terminate();
  }
}

function plausible({ width, height, duration }: Dimensions): Dimensions {
  const isSize = isWithin(width, 1, maxPixels) && isWithin(height, 1, maxPixels);
  return {
    width: isSize ? Math.round(Number(width)) : null,
    height: isSize ? Math.round(Number(height)) : null,
    duration: isWithin(duration, shortestS, longestS) ? Math.round(Number(duration) * 1000) / 1000 : null,
  };
}

function isWithin(value: number | null, lowest: number, highest: number): boolean {
  return value !== null && value >= lowest && value <= highest;
}
