import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import {
  ADTS,
  CustomSource,
  FLAC,
  Input,
  MATROSKA,
  MP3,
  MP4,
  OGG,
  QTFF,
  WAVE,
  WEBM,
  type InputFormat,
  type InputVideoTrack,
} from 'mediabunny';
import type { Dimensions, DimensionsJob } from './dimensions-job.ts';

/** The thread that reads one file's header. It sends its dimensions, or dies. */

/** A file's table of contents; a larger one is a trap. */
const maxReadBytes = 32 * 1024 * 1024;

/** One for each type, so that a file is never taken for what its first bytes don't say. */
const formats: Record<string, InputFormat> = {
  'video/mp4': MP4,
  'video/quicktime': QTFF,
  'video/webm': WEBM,
  'video/x-matroska': MATROSKA,
  'audio/mpeg': MP3,
  'audio/wav': WAVE,
  'audio/flac': FLAC,
  'audio/ogg': OGG,
  'audio/aac': ADTS,
  'audio/mp4': MP4,
  'audio/webm': WEBM,
};

async function readDimensions({ descriptor, byteSize, contentType }: DimensionsJob): Promise<Dimensions> {
  const format = formats[contentType];
  if (format === undefined) throw new Error(`Nothing is known about ${contentType}.`);
  const source = new CustomSource({ getSize: () => byteSize, read: (start, end) => readRange(descriptor, start, end) });
  using input = new Input({ formats: [format], source });
  const track = contentType.startsWith('video/') ? await input.getPrimaryVideoTrack() : null;
  const duration = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
  return { ...(await sizeOf(track)), duration };
}

function readRange(descriptor: number, start: number, end: number): Uint8Array {
  if (end - start > maxReadBytes) throw new Error('The file asks for too much to be read at once.');
  const bytes = new Uint8Array(end - start);
  for (let filled = 0; filled < bytes.length;) {
    const count = readSync(descriptor, bytes, filled, bytes.length - filled, start + filled);
    if (count === 0) throw new Error('The file is shorter than it was.');
    filled += count;
  }
  return bytes;
}

/** As it is shown: turned, and with pixels made square. */
async function sizeOf(track: InputVideoTrack | null): Promise<Pick<Dimensions, 'width' | 'height'>> {
  return { width: (await track?.getDisplayWidth()) ?? null, height: (await track?.getDisplayHeight()) ?? null };
}

parentPort?.postMessage((await readDimensions(workerData)) satisfies Dimensions);
