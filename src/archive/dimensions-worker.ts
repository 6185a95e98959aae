import { readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { imageSize } from 'image-size';
import { none, type Dimensions, type DimensionsJob } from './dimensions-job.ts';

/** A camera's notes and a colour profile may stand before a JPEG's size. */
const pictureHeadBytes = 512 * 1024;
/** From this value on, the picture is stored turned by 90°. Exif 2.32, Orientation. */
const firstTurned = 5;

async function readDimensions(job: DimensionsJob): Promise<Dimensions> {
  if (job.contentType.startsWith('image/')) return readPicture(job);
  // A large library, which pictures don't need.
  const { readRecording } = await import('./read-recording.ts');
  return await readRecording(job, readRange);
}

function readPicture({ descriptor, byteSize }: DimensionsJob): Dimensions {
  const head = readRange(descriptor, 0, Math.min(byteSize, pictureHeadBytes));
  const { width, height, orientation = 1 } = imageSize(head);
  const sides = orientation < firstTurned ? { width, height } : { width: height, height: width };
  return { ...sides, duration: null };
}

function readRange(descriptor: number, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start);
  for (let filled = 0; filled < bytes.length;) {
    const count = readSync(descriptor, bytes, filled, bytes.length - filled, start + filled);
    if (count === 0) throw new Error('The file is shorter than it was.');
    filled += count;
  }
  return bytes;
}

async function answer(job: DimensionsJob): Promise<void> {
  const dimensions = await readDimensions(job).catch(() => none);
  parentPort?.postMessage(dimensions);
}

parentPort?.on('message', answer);
