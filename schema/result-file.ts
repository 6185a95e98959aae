import type { TaskFile } from '../src/domain/task/file-access.ts';
import { builder } from './builder.ts';
import { fileTypeNames, Node } from './node.ts';
import { resolveByAccess } from './task-file.ts';

export const ResultFile = builder.interfaceRef<TaskFile>('ResultFile').implement({
  description:
    'A file that a task made. The vendor deletes its copy 12 hours after the task ended; where the gateway has an archive, it keeps one of its own. A URL is only handed out while it surely works.',
  interfaces: [Node],
  resolveType: ({ type }) => fileTypeNames[type],
  fields: (t) => ({
    url: t.field({
      type: 'URL',
      nullable: true,
      description:
        'Where to show or download the file from: the archive as soon as it is there, before that the vendor. Null once it has expired, and where the vendor named an address in a private network: `warnings` says so.',
      resolve: resolveByAccess(({ url, expired }) => (expired ? null : url)),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'The `url` surely works until then, perhaps a little longer. Of an archived file, ask again for another one then. Null when it does not expire by itself, because the file lies in your own COS bucket, where there is no URL to hand out, and for a file that is gone at an unknown time.',
      resolve: resolveByAccess(({ expiresAt }) => expiresAt),
    }),
    expired: t.boolean({
      description: 'Whether the file is gone.',
      resolve: resolveByAccess(({ expired }) => expired),
    }),
    archived: t.boolean({
      description: 'Whether the gateway keeps a copy of its own. It may take a while after DONE.',
      resolve: ({ archived }) => archived !== undefined,
    }),
    contentType: t.string({
      nullable: true,
      description: 'Such as `image/png`. Null until it is archived.',
      resolve: ({ archived }) => archived?.contentType,
    }),
    byteSize: t.float({
      nullable: true,
      description: 'Bytes, a whole number. Null until it is archived.',
      resolve: ({ archived }) => archived?.byteSize,
    }),
    checksum: t.string({
      nullable: true,
      description: 'SHA-256 of the content, in hex. Null until it is archived.',
      resolve: ({ archived }) => archived?.checksum,
    }),
  }),
});

export const ImageFile = builder.objectRef<TaskFile>('ImageFile').implement({
  description: 'An image that a task made.',
  interfaces: [ResultFile, Node],
});

export const VideoFile = builder.objectRef<TaskFile>('VideoFile').implement({
  description: 'A video that a task made.',
  interfaces: [ResultFile, Node],
  fields: (t) => ({ duration: t.float({ ...durationOptions, resolve: durationOf }) }),
});

export const AudioFile = builder.objectRef<TaskFile>('AudioFile').implement({
  description: 'A piece of audio that a task made.',
  interfaces: [ResultFile, Node],
  fields: (t) => ({ duration: t.float({ ...durationOptions, resolve: durationOf }) }),
});

const durationOptions = {
  nullable: true,
  description: 'Seconds. Where the vendor did not tell it, as the archived file says; null without one.',
} as const;

function durationOf({ duration, archived }: TaskFile): number | null {
  return duration ?? archived?.duration ?? null;
}
