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

/** For a file's table of contents; a larger one is a trap. */
const maxReadBytes = 32 * 1024 * 1024;

/** One for each type, so that a file is never read as another type than its first bytes say. */
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

export async function readRecording(
  { descriptor, byteSize, contentType }: DimensionsJob,
  readRange: (descriptor: number, start: number, end: number) => Uint8Array,
): Promise<Dimensions> {
  const format = formats[contentType];
  if (format === undefined) throw new Error(`Nothing is known about ${contentType}.`);
  function read(start: number, end: number): Uint8Array {
    if (end - start > maxReadBytes) throw new Error('The file asks for too much to be read at once.');
    return readRange(descriptor, start, end);
  }
  using input = new Input({ formats: [format], source: new CustomSource({ getSize: () => byteSize, read }) });
  const track = contentType.startsWith('video/') ? await input.getPrimaryVideoTrack() : null;
  const duration = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
  return { ...(await sizeOf(track)), duration };
}

/** As displayed: rotated, and with square pixels. */
async function sizeOf(track: InputVideoTrack | null): Promise<Pick<Dimensions, 'width' | 'height'>> {
  return { width: (await track?.getDisplayWidth()) ?? null, height: (await track?.getDisplayHeight()) ?? null };
}
