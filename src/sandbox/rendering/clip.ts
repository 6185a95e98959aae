import { createCanvas } from '@napi-rs/canvas';
import h264 from 'h264-mp4-encoder';
import { drawLabel } from './label.ts';
import { createFonts } from './fonts.ts';
import type { RenderJob } from './render-job.ts';
import { createScene } from './scene.ts';

/** Enough for slow hills, and a clip is encoded ten times as fast as it plays. */
const frameRate = 12;
const quantization = 28;
const fastest = 10;

/** Makes silent H.264 clips in MP4. */
export function createClipRenderer(): (job: Extract<RenderJob, { media: 'video' }>) => Promise<Uint8Array> {
  const fonts = createFonts();
  return async (job) => {
    const { width, height, seconds } = job;
    const context = createCanvas(width, height).getContext('2d');
    const paint = createScene(job.seed, job);
    const label = drawLabel(job, fonts);
    const encoder = await h264.createH264MP4Encoder();
    Object.assign(encoder, {
      width,
      height,
      frameRate,
      speed: fastest,
      quantizationParameter: quantization,
      groupOfPictures: frameRate * 2,
    });
    encoder.initialize();
    try {
      for (let frame = 0; frame < seconds * frameRate; frame += 1) {
        paint(context, frame / frameRate);
        context.drawImage(label, 0, 0);
        context.fillStyle = 'rgba(255, 255, 255, 0.8)';
        context.fillRect(0, height - 4, (width * (frame + 1)) / (seconds * frameRate), 4);
        encoder.addFrameRgba(context.getImageData(0, 0, width, height).data);
      }
      encoder.finalize();
      return encoder.FS.readFile(encoder.outputFilename);
    } finally {
      encoder.delete();
    }
  };
}
