import { spokenResolution } from './frame.ts';
import { audioSecondsOf, isDubbing, resultFilesOf, urlOf } from './results.ts';
import type { SandboxTask } from './task.ts';

/** A Describe's Response without the RequestId. Lists exist from the beginning, and are empty until DONE. */
export function describeAnswer(task: SandboxTask, nowMs: number, origin: string): Record<string, unknown> {
  const status = task.status(nowMs);
  const isDone = status === 'DONE';
  const message = { DONE: 'ok', FAIL: task.failure, WAIT: '', RUN: '' }[status];
  const urls = isDone ? resultFilesOf(task).map((file) => urlOf(task, file, origin)) : [];
  switch (task.kind) {
    case 'image':
      return { Status: status, ImageUrls: urls, Message: message };
    case 'video':
      return { Status: status, VideoUrls: urls, Resolution: isDone ? spokenResolution(task) : '', Message: message };
    case 'audio': {
      const files = urls.map((url) => ({ Url: url, Duration: audioSecondsOf(task) }));
      const [audios, videos] = isDubbing(task) ? [[], files] : [files, []];
      return { Status: status, Message: message, AudioInfos: audios, VideoInfos: videos };
    }
  }
}
