import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RenderJob } from '../../src/sandbox/rendering/render-job.ts';
import { createRenderer } from '../../src/sandbox/rendering/renderer.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

export const pixels = { width: 320, height: 192 };
export const seconds = 2;

const visual = { seed: 'a red fox', prompt: 'a red fox', caption: 'sandbox', ...pixels };
const jobs = {
  png: { media: 'image', format: 'png', ...visual },
  jpeg: { media: 'image', format: 'jpeg', ...visual },
  mp4: { media: 'video', seconds, ...visual },
  mp3: { media: 'audio', format: 'mp3', seconds, seed: 'a song' },
  wav: { media: 'audio', format: 'wav', seconds, seed: 'a song' },
} satisfies Record<string, RenderJob>;

export type RenderedFiles = Record<keyof typeof jobs, Buffer>;

/** One small file of each kind that the sandbox makes. */
export async function renderFiles(): Promise<RenderedFiles> {
  await using directory = await createTemporaryDirectory();
  await using renderer = createRenderer();
  const render = async (name: keyof typeof jobs) => {
    const path = join(directory.path, name);
    await renderer.ensure(path, jobs[name]);
    return await readFile(path);
  };
  const [png, jpeg, mp4, mp3, wav] = await Promise.all([
    render('png'),
    render('jpeg'),
    render('mp4'),
    render('mp3'),
    render('wav'),
  ]);
  return { png, jpeg, mp4, mp3, wav };
}
