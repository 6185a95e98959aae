import { builder } from './builder.ts';
import { fileTypeNames, Node } from './node.ts';
import { resolveByAccess, type TaskFile } from './task-file.ts';

export const ResultFile = builder.interfaceRef<TaskFile>('ResultFile').implement({
  description:
    'A file that a task made. The vendor deletes its copy 12 hours after the task ended; a URL is only handed out while it surely works.',
  interfaces: [Node],
  resolveType: ({ type }) => fileTypeNames[type],
  fields: (t) => ({
    url: t.field({
      type: 'URL',
      nullable: true,
      description: 'Where to show or download the file from. Null once it has expired.',
      resolve: resolveByAccess(({ expired }, { url }) => (expired ? null : url)),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'The `url` surely works until then, perhaps a little longer. Null when it does not expire by itself, because the file lies in your own COS bucket, and where nobody knows when a file went that is gone.',
      resolve: resolveByAccess(({ expiresAt }) => expiresAt),
    }),
    expired: t.boolean({
      description: 'Whether the file is gone.',
      resolve: resolveByAccess(({ expired }) => expired),
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
  fields: (t) => ({ duration: t.exposeFloat('duration', durationOptions) }),
});

export const AudioFile = builder.objectRef<TaskFile>('AudioFile').implement({
  description: 'A piece of audio that a task made.',
  interfaces: [ResultFile, Node],
  fields: (t) => ({ duration: t.exposeFloat('duration', durationOptions) }),
});

const durationOptions = { nullable: true, description: 'Seconds. Null when the vendor did not tell it.' } as const;
