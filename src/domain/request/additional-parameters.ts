import type { InputIssue } from './input-issue.ts';
import { maxParameterLevels, maxParametersLength } from './request-bounds.ts';
import { isStorable } from './text.ts';

export function additionalParametersIssues(parameters: Record<string, unknown>): InputIssue[] {
  const path = ['additionalParameters'];
  // The depth comes first: serialising an object nested thousands deep would overflow the stack.
  if (isDeeper(parameters, maxParameterLevels))
    return [
      {
        path,
        code: 'NOT_ALLOWED',
        message: `The parameters are nested too deep: at most ${maxParameterLevels} levels are allowed.`,
      },
    ];
  if (serializedLength(parameters) > maxParametersLength)
    return [
      {
        path,
        code: 'TOO_LONG',
        message: `The parameters are too long: at most ${maxParametersLength} characters of JSON are allowed.`,
      },
    ];
  return valueIssues(parameters, path);
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((item) => isDeeper(item, depth - 1));
}

function serializedLength(parameters: Record<string, unknown>): number {
  return JSON.stringify(parameters, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    .length;
}

function valueIssues(value: unknown, path: string[]): InputIssue[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [unstorable(path)];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, item]) => [
      ...(isStorable(name) ? [] : [unstorable([...path, printable(name)])]),
      ...valueIssues(item, [...path, printable(name)]),
    ]);
  if (!isJsonScalar(value)) return [{ path, code: 'MALFORMED', message: 'This value cannot be written as JSON.' }];
  return isInexact(value) ? [{ path, code: 'MALFORMED', message: inexact }] : [];
}

/** A literal such as 1e999 is read as Infinity, which JSON would turn into null. */
function isJsonScalar(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'boolean' || Number.isFinite(value);
}

const inexact = `Whole numbers beyond ${Number.MAX_SAFE_INTEGER} lose digits on the way: send this one as text.`;

function isInexact(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

function unstorable(path: string[]): InputIssue {
  return {
    path,
    code: 'MALFORMED',
    message: 'A key or text holds a NUL character or half a surrogate pair, which cannot be stored.',
  };
}

function printable(name: string): string {
  return name.toWellFormed().replaceAll('\0', '\uFFFD');
}
