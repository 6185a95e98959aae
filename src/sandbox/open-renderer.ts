import { copyFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RenderJob } from './rendering/render-job.ts';
import { createRenderer, type Renderer } from './rendering/renderer.ts';

/** Development dependencies that draw and encode the results; a production install leaves them out. */
const drawingPackages = ['@napi-rs/canvas', 'h264-mp4-encoder', 'wasm-media-encoders'];

/** Whether results can be drawn here. If not, they are placeholders. */
export function canDraw(): boolean {
  return drawingPackages.every(isInstalled);
}

export function openRenderer(draws: boolean): Renderer {
  return draws ? createRenderer() : createPlaceholders();
}

/** The same small file for every result of a format, whatever size or duration was requested. */
function createPlaceholders(): Renderer {
  return {
    async ensure(path, job) {
      await mkdir(dirname(path), { recursive: true });
      await copyFile(placeholderOf(job), path);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

function placeholderOf(job: RenderJob): URL {
  const names = { image: 'picture', video: 'clip', audio: 'tune' };
  const format = job.media === 'video' ? 'mp4' : job.format;
  return new URL(`placeholders/${names[job.media]}.${format}`, import.meta.url);
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
