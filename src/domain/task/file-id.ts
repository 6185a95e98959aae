export function fileIdAt(taskId: string, index: number): string {
  return `${taskId}_${index}`;
}

const pattern = /^(?<taskId>.+)_(?<index>0|[1-9]\d{0,5})$/;

export function parseFileId(id: string): { taskId: string; index: number } | null {
  const { taskId, index } = pattern.exec(id)?.groups ?? {};
  return taskId === undefined ? null : { taskId, index: Number(index) };
}
