import type { TaskFile } from '../src/domain/task/file-access.ts';
import { parseFileId } from '../src/domain/task/file-id.ts';
import type { Task } from '../src/domain/task/task.ts';
import { checkListLength } from './arguments.ts';
import { builder } from './builder.ts';
import type { Loaders } from './loaders.ts';
import { Node } from './node.ts';
import { filesOf } from './task-file.ts';

const maxIds = 100;

builder.queryField('node', (t) =>
  t.field({
    type: Node,
    nullable: true,
    description: 'A task or a file by its id. Null for any other id: foreign, unknown and malformed ones alike.',
    args: { id: t.arg.id({ required: true, description: 'Any `id` that this API returned.' }) },
    resolve: (_root, { id }, { loaders }) => findNode(id, loaders),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: 'What `node` answers for each id, in the order of the ids.',
    args: {
      ids: t.arg.idList({ required: true, description: `Up to ${maxIds} ids; the same one may occur twice.` }),
    },
    complexity: ({ ids }) => ({ field: 1, multiplier: Math.min(ids.length, maxIds) }),
    resolve: (_root, { ids }, { loaders }) => {
      checkListLength('ids', ids, maxIds);
      return ids.map((id) => findNode(id, loaders));
    },
  }),
);

async function findNode(id: string, loaders: Loaders): Promise<Task | TaskFile | null> {
  const place = parseFileId(id);
  if (place === null) return loaders.task.load(id);
  const task = await loaders.task.load(place.taskId);
  return (task && filesOf(task).find((file) => file.id === id)) ?? null;
}
