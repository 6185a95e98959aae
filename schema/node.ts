import type { TaskFile } from '../src/domain/task/file-access.ts';
import type { Task, TaskKind, ResultFileType } from '../src/domain/task/task.ts';
import { builder } from './builder.ts';

export const taskTypeNames = {
  IMAGE: 'ImageTask',
  VIDEO: 'VideoTask',
  AUDIO: 'AudioTask',
} as const satisfies Record<TaskKind, string>;

export const fileTypeNames = {
  IMAGE: 'ImageFile',
  VIDEO: 'VideoFile',
  AUDIO: 'AudioFile',
} as const satisfies Record<ResultFileType, string>;

export const Node = builder.interfaceRef<Task | TaskFile>('Node').implement({
  description: 'Whatever has an id of its own, and can be read again by it with `node`.',
  resolveType: (value) => ('kind' in value ? taskTypeNames[value.kind] : fileTypeNames[value.type]),
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Opaque, unique among all types, and the same here, in webhooks and in logs. It never changes.',
    }),
  }),
});
