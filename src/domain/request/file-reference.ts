import type { TaskRequest } from './request.ts';
import type { ResultFileType } from '../task/task.ts';

/** Instead of a URL, a request may name a result of its owner: this scheme and the file's id. Sending makes a URL of it. */
export const fileScheme = 'aigc-file:';

export function fileIdOf(text: string): string | null {
  return text.startsWith(fileScheme) ? text.slice(fileScheme.length) : null;
}

const fileTypes = new Map<string, ResultFileType>([
  ['referenceImages', 'IMAGE'],
  ['firstFrame', 'IMAGE'],
  ['lastFrame', 'IMAGE'],
  ['referenceVideos', 'VIDEO'],
  ['referenceAudios', 'AUDIO'],
]);

export type FileReference = { path: string[]; fileId: string; type: ResultFileType };

export function fileReferencesOf(request: TaskRequest): FileReference[] {
  return Object.entries(request).flatMap(([field, value]) => {
    const type = fileTypes.get(field);
    return type === undefined ? [] : textsIn(value, [field]).flatMap(({ path, text }) => referenceOf(path, text, type));
  });
}

export function withFileUrls<Request extends TaskRequest>(request: Request, urlOf: (fileId: string) => string): Request;
export function withFileUrls(request: TaskRequest, urlOf: (fileId: string) => string): object {
  const fields = Object.entries(request).map(([field, value]) => [
    field,
    fileTypes.has(field) ? replaceIn(value, urlOf) : value,
  ]);
  return Object.fromEntries(fields);
}

/** Where the caller wrote a file's id: a reference that is an object has a field for it. */
export function placeOfName(path: string[]): string[] {
  return path.at(-1) === 'url' ? [...path.slice(0, -1), 'fileId'] : path;
}

function referenceOf(path: string[], text: string, type: ResultFileType): FileReference[] {
  const fileId = fileIdOf(text);
  return fileId ? [{ path: placeOfName(path), fileId, type }] : [];
}

function textsIn(value: unknown, path: string[]): { path: string[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textsIn(item, [...path, name]));
}

function replaceIn(value: unknown, urlOf: (fileId: string) => string): unknown {
  if (typeof value === 'string') {
    const fileId = fileIdOf(value);
    return fileId === null ? value : urlOf(fileId);
  }
  if (Array.isArray(value)) return value.map((item: unknown) => replaceIn(item, urlOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaceIn(item, urlOf)]));
}
