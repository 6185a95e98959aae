/** A task in an answer, whatever else was selected. */
export type TaskState = { __typename: string; id: string; revision: number };

export function isTaskState(value: object): value is TaskState {
  return (
    '__typename' in value &&
    typeof value.__typename === 'string' &&
    'id' in value &&
    typeof value.id === 'string' &&
    'revision' in value &&
    typeof value.revision === 'number'
  );
}

export function* tasksIn(value: unknown): Generator<TaskState> {
  if (typeof value !== 'object' || value === null) return;
  if (isTaskState(value)) yield value;
  for (const part of Object.values(value)) yield* tasksIn(part);
}

export function replaceTasks(value: unknown, replace: (task: TaskState) => TaskState): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceTasks(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  if (isTaskState(value)) return replace(value);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, replaceTasks(part, replace)]));
}
