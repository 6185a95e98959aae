import { fileIdOf, fileScheme, placeOfName } from './file-reference.ts';
import type { InputIssue } from './input-issue.ts';
import { referenceUrlIssue } from './reference-url.ts';
import { maxModelNameLength, maxPathLength, maxReferences, maxTextLength, maxWordLength } from './request-bounds.ts';
import type { TaskRequest } from './request.ts';
import { countCodePoints, isStorable, notStorable } from './text.ts';

const maxLengths = new Map([
  ['name', maxModelNameLength],
  ['version', maxModelNameLength],
  ['bucketPath', maxPathLength],
  ['negativePrompt', maxTextLength],
  // Checked by the model's rules, which know the documented limit.
  ['prompt', Infinity],
]);

const urlFields = new Set(['url', 'firstFrame', 'lastFrame', 'referenceAudios', 'referenceVideos']);

/** But for `additionalParameters`. */
export function stringIssues(request: TaskRequest, exemptOrigins: readonly string[]): InputIssue[] {
  const { kind: _, additionalParameters: __, ...fields } = request;
  return stringsIn(fields, []).flatMap(({ path, field, text }) => {
    const issue = issueOf(field, text, exemptOrigins);
    return issue === null ? [] : [{ path: fileIdOf(text) ? placeOfName(path) : path, ...issue }];
  });
}

type FoundString = { path: string[]; field: string; text: string };

function stringsIn(value: unknown, path: string[], field = ''): FoundString[] {
  if (typeof value === 'string') return [{ path, field, text: value }];
  // A list that is too long is refused as a whole, so its rest needs no issues.
  if (Array.isArray(value))
    return value
      .slice(0, maxReferences)
      .flatMap((item: unknown, index) => stringsIn(item, [...path, String(index)], field));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => stringsIn(item, [...path, name], name));
}

function issueOf(field: string, text: string, exemptOrigins: readonly string[]): Omit<InputIssue, 'path'> | null {
  if (field === 'fileId') return { code: 'NOT_ALLOWED', message: 'Give either url or fileId, not both.' };
  return urlFields.has(field) ? urlIssue(text, exemptOrigins) : textIssue(text, maxLengths.get(field));
}

function urlIssue(text: string, exemptOrigins: readonly string[]): Omit<InputIssue, 'path'> | null {
  if (!isStorable(text)) return notStorable;
  if (text === fileScheme) return { code: 'REQUIRED', message: 'Give url or fileId.' };
  // Only the database knows whose file it is, and whether it still exists.
  return fileIdOf(text) === null ? referenceUrlIssue(text, exemptOrigins) : null;
}

function textIssue(text: string, maxLength = maxWordLength): Omit<InputIssue, 'path'> | null {
  if (!isStorable(text)) return notStorable;
  if (text.trim() === '')
    return { code: 'REQUIRED', message: 'The text is blank. Say something, or leave the field out.' };
  if (countCodePoints(text) <= maxLength) return null;
  return { code: 'TOO_LONG', message: `The text is too long: the gateway takes at most ${maxLength} characters here.` };
}
