/** A result's id: its task's, and its place among the task's files. */
export function fileIdAt(taskId: string, index: number): string {
  return `${taskId}_${index}`;
}

const pattern = /^(?<taskId>.+)_(?<index>0|[1-9]\d{0,5})$/;

/** null for what is no file's id. Whether there is such a task, and such a file, is not asked. */
export function parseFileId(id: string): { taskId: string; index: number } | null {
  const { taskId, index } = pattern.exec(id)?.groups ?? {};
  return taskId === undefined ? null : { taskId, index: Number(index) };
}
