import type { Task } from '../src/domain/task/task.ts';
import { AigcTask } from './aigc-task.ts';
import { builder } from './builder.ts';
import { Node } from './node.ts';
import { VideoFile } from './result-file.ts';
import { filesOf } from './task-file.ts';
import { VideoTaskRequest } from './video-task-request.ts';

export const VideoTask = builder.objectRef<Task>('VideoTask').implement({
  description: 'A task that makes a video.',
  interfaces: [AigcTask, Node],
  fields: (t) => ({
    request: t.field({
      type: VideoTaskRequest,
      nullable: true,
      description: 'What was asked for. Null for an adopted task.',
      resolve: ({ request }) => (request?.kind === 'VIDEO' ? request : null),
    }),
    videos: t.field({
      type: [VideoFile],
      description: 'The videos made. Empty until DONE.',
      resolve: (task) => filesOf(task).filter((file) => file.type === 'VIDEO'),
    }),
    resolution: t.string({
      nullable: true,
      description:
        'Of the result, in pixels, as `1920x1088`: as the vendor says, or else the archived file. Null until DONE, and where neither tells it.',
      resolve: (task) => {
        const size = sizeOf(task);
        return size ? `${size.width}x${size.height}` : task.resolution;
      },
    }),
    width: t.int({
      nullable: true,
      description:
        'Of the result, in pixels: to lay out a player before the video is loaded. Null until DONE, and where it is not known.',
      resolve: (task) => sizeOf(task)?.width,
    }),
    height: t.int({
      nullable: true,
      description: 'Of the result, in pixels. Null as `width` is.',
      resolve: (task) => sizeOf(task)?.height,
    }),
  }),
});

type Size = { width: number; height: number };

/** As the vendor says, else as the file has it. */
function sizeOf({ resolution, files }: Task): Size | null {
  const { width = null, height = null } = files.find(({ type }) => type === 'VIDEO')?.archived ?? {};
  return parseSize(resolution) ?? (width !== null && height !== null ? { width, height } : null);
}

/** The vendor's pages have both 1920x1088 and 1080*720. */
function parseSize(resolution: string | null): Size | null {
  const [, width, height] = /^\s*(\d{1,6})\s*[x*×]\s*(\d{1,6})\s*$/i.exec(resolution ?? '') ?? [];
  return width && height ? { width: Number(width), height: Number(height) } : null;
}
