import { rename, writeFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import type { RenderJob, WorkerAnswer, WorkerRequest } from './render-job.ts';

/** The thread that renders. It loads the heavy parts (Skia, fonts, encoders) only for the media it has to make. */

type Renderer<Media extends RenderJob['media']> = (
  job: Extract<RenderJob, { media: Media }>,
) => Uint8Array | Promise<Uint8Array>;

const loadPicture = once(async () => (await import('./picture.ts')).createPictureRenderer());
const loadClip = once(async () => (await import('./clip.ts')).createClipRenderer());
const loadTune = once<Renderer<'audio'>>(async () => (await import('./tune.ts')).renderTune);

async function render(job: RenderJob): Promise<Uint8Array> {
  switch (job.media) {
    case 'image':
      return (await loadPicture())(job);
    case 'video':
      return (await loadClip())(job);
    case 'audio':
      return (await loadTune())(job);
  }
}

parentPort?.on('message', (request: WorkerRequest) => {
  void answer(request);
});

async function answer({ id, job, path }: WorkerRequest): Promise<void> {
  let error: string | null = null;
  try {
    await writeAtomically(path, await render(job));
  } catch (caught) {
    error = caught instanceof Error ? (caught.stack ?? caught.message) : String(caught);
  }
  parentPort?.postMessage({ id, error } satisfies WorkerAnswer);
}

/** Readers see the whole file or none, whenever the process is killed. */
async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  await writeFile(unfinished, bytes);
  await rename(unfinished, path);
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
