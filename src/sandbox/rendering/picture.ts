import { createCanvas } from '@napi-rs/canvas';
import { drawLabel } from './label.ts';
import { createFonts } from './fonts.ts';
import type { RenderJob } from './render-job.ts';
import { createScene } from './scene.ts';

const jpegQuality = 88;

export function createPictureRenderer(): (job: Extract<RenderJob, { media: 'image' }>) => Buffer {
  const fonts = createFonts();
  return (job) => {
    const canvas = createCanvas(job.width, job.height);
    const context = canvas.getContext('2d');
    createScene(job.seed, job)(context, 0);
    context.drawImage(drawLabel(job, fonts), 0, 0);
    return job.format === 'jpeg' ? canvas.toBuffer('image/jpeg', jpegQuality) : canvas.toBuffer('image/png');
  };
}
