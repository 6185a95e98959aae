import { parseFileId } from '../domain/task/file-id.ts';
import { fileReferencesOf, withFileUrls, type FileReference } from '../domain/request/file-reference.ts';
import { isOffPeak } from '../domain/task/following.ts';
import type { InputIssue } from '../domain/request/input-issue.ts';
import type { TaskRequest } from '../domain/request/request.ts';
import { isTaskId } from '../domain/task/task-id.ts';
import type { ResultFile } from '../domain/task/task.ts';
import { findOwnTasks } from '../store/find-tasks.ts';
import type { TaskDependencies } from './dependencies.ts';

type Dependencies = Pick<TaskDependencies, 'database' | 'lendFile'>;
type Lent = FileReference & { url: string | null; file: ResultFile | null };

/** What is wrong with the results that a request names; they have to be its owner's own. */
export async function fileReferenceIssues(
  dependencies: Dependencies,
  owner: string,
  request: TaskRequest,
): Promise<InputIssue[]> {
  const lent = await lendAll(dependencies, owner, request);
  return lent.flatMap(({ path, type, file, url }) => {
    const message = messageOf(dependencies, type, file, url);
    return message === null ? [] : [{ path, code: 'NOT_ALLOWED', message }];
  });
}

/** The request as it can be sent, with URLs in place of results; null when one of them is gone. */
export async function lendFiles(
  dependencies: Dependencies,
  owner: string,
  request: TaskRequest,
): Promise<TaskRequest | null> {
  const lent = await lendAll(dependencies, owner, request);
  if (lent.length === 0) return request;
  const urls = new Map(lent.map(({ fileId, url }) => [fileId, url]));
  if (lent.some(({ url }) => url === null)) return null;
  return withFileUrls(request, (fileId) => urls.get(fileId) ?? '');
}

function messageOf(
  { lendFile }: Dependencies,
  type: ResultFile['type'],
  file: ResultFile | null,
  url: string | null,
): string | null {
  if (lendFile === undefined) return 'This gateway keeps no results, so that none can be a reference. Give a URL.';
  if (file === null) return 'None of your results has this id.';
  if (file.type !== type) return `The result is no ${type.toLowerCase()}. Name one of that kind here.`;
  return url === null ? 'The result is gone, or not yet kept where the vendor can fetch it. Give a URL.' : null;
}

async function lendAll({ database, lendFile }: Dependencies, owner: string, request: TaskRequest): Promise<Lent[]> {
  const references = fileReferencesOf(request);
  const loan = { offPeak: isOffPeak({ request }) };
  const taskIds = new Set(references.map(({ fileId }) => parseFileId(fileId)?.taskId ?? '').filter(isTaskId));
  const tasks = taskIds.size === 0 ? [] : await findOwnTasks(database, owner, [...taskIds]);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return await Promise.all(
    references.map(async (reference) => {
      const { taskId = '', index = -1 } = parseFileId(reference.fileId) ?? {};
      const task = byId.get(taskId);
      const file = task?.files[index];
      if (task === undefined || file === undefined) return { ...reference, file: null, url: null };
      const url = (await lendFile?.(task, { id: reference.fileId, file }, loan)) ?? null;
      return { ...reference, file, url };
    }),
  );
}
