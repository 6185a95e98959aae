import { clipSize, pictureSize } from './frame.ts';
import type { RenderJob, Visual } from './rendering/render-job.ts';
import { parseAdditionalParameters } from './requests.ts';
import { seededRandom } from '../kit/seeded-random.ts';
import type { SandboxTask } from './task.ts';

/** One file of a task, rendered at its first request. */
export type ResultFile = { name: string; contentType: string; job: RenderJob };

const defaultClipS = 5;
const maxVideos = 4;
/** More than fits on a picture. A video's prompt may be megabytes long. */
const maxShownCharacters = 2000;

/** The files of a task that ends as DONE, in the order of its answer. */
export function resultFilesOf(task: SandboxTask): ResultFile[] {
  switch (task.kind) {
    case 'image':
      return repeat(task.request.OutputImageCount ?? 1, (index) => pictureOf(task, index));
    case 'video':
      return repeat(videoCountOf(task), (index) => clipOf(task, index, task.request.Duration ?? defaultClipS));
    case 'audio':
      return [isDubbing(task) ? clipOf(task, 0, audioSecondsOf(task)) : tuneOf(task)];
  }
}

/** With a reference video the task is dubbing: its result is a video with the sound. */
export function isDubbing(task: Extract<SandboxTask, { kind: 'audio' }>): boolean {
  return (task.request.VideoInfos?.length ?? 0) > 0;
}

/** In the customer's bucket if the request names one (nothing is there), else on the sandbox itself. */
export function urlOf(task: SandboxTask, file: ResultFile, origin: string): string {
  const store = task.request.StoreCosParam;
  if (!store) return `${origin}/results/${task.fileKey}/${file.name}`;
  const path = [...(store.CosBucketPath ?? '').split('/'), file.name].filter(Boolean).map(encodeURIComponent).join('/');
  return `https://${store.CosBucketName}.cos.${store.CosBucketRegion}.myqcloud.com/${path}`;
}

function pictureOf(task: Extract<SandboxTask, { kind: 'image' }>, index: number): ResultFile {
  const format = task.request.ExtraParameters?.OutputFormat ?? 'png';
  return {
    name: `${task.taskId}-${index}.${format}`,
    contentType: `image/${format}`,
    job: { media: 'image', format, ...visualOf(task, index), ...pictureSize(task) },
  };
}

function clipOf(task: SandboxTask, index: number, seconds: number): ResultFile {
  return {
    name: `${task.taskId}-${index}.mp4`,
    contentType: 'video/mp4',
    job: { media: 'video', seconds, ...visualOf(task, index), ...clipSize(task) },
  };
}

function tuneOf(task: Extract<SandboxTask, { kind: 'audio' }>): ResultFile {
  const format = task.request.OutputAudioFormat ?? 'wav';
  return {
    name: `${task.taskId}-0.${format}`,
    contentType: format === 'mp3' ? 'audio/mpeg' : 'audio/wav',
    job: { media: 'audio', format, seconds: audioSecondsOf(task), seed: task.request.Prompt ?? task.taskId },
  };
}

function visualOf(task: SandboxTask, index: number): Omit<Visual, 'width' | 'height'> {
  const { Prompt: prompt = '', ModelName: name = 'Default model', ModelVersion: version = '' } = task.request;
  return {
    seed: `${prompt || task.taskId} ${index}`,
    prompt: prompt.slice(0, maxShownCharacters),
    caption: `${name} ${version}`.trim() + `  ·  ${task.taskId}`,
  };
}

/** Only in the sandbox: `AdditionalParameters: '{"output_count": 2}'` makes several videos. */
function videoCountOf(task: SandboxTask): number {
  const { output_count: count } = parseAdditionalParameters(task.request.AdditionalParameters);
  return typeof count === 'number' && Number.isInteger(count) ? Math.min(maxVideos, Math.max(1, count)) : 1;
}

/** Clips are short, songs longer; requests can't set it. Always the same whole seconds for one task. */
export function audioSecondsOf(task: SandboxTask): number {
  const random = seededRandom('audio length', task.ordinal);
  if (task.request.ModelVersion?.endsWith('clip')) return 30;
  return random.integer(20, 75);
}

function repeat<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
