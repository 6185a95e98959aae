import type { z } from 'zod';
import { ApiError, missingParameter } from './api-error.ts';

/** Reads a request's JSON body. Throws the vendor's codes, naming the field as the vendor does: `ImageInfos.0.ImageUrl`. */
export function parseParameters<Parameters>(schema: z.ZodType<Parameters>, body: unknown): Parameters {
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw issue ? refusalOf(issue) : new ApiError('InvalidParameter', 'The request is not valid.');
}

export function parseJsonObject(body: Uint8Array): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new ApiError('InvalidParameter', 'The request body is not valid JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ApiError('InvalidParameter', 'The request body must be a JSON object.');
  }
  return parsed;
}

function refusalOf(issue: z.core.$ZodIssue): ApiError {
  const parameter = issue.path.join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return new ApiError(
        'UnknownParameter',
        `The parameter \`${[...issue.path, issue.keys[0]].join('.')}\` is not recognized.`,
      );
    case 'invalid_type':
      return issue.input === undefined
        ? missingParameter(parameter)
        : new ApiError('InvalidParameter', `The value type of parameter \`${parameter}\` is not valid.`);
    default:
      return new ApiError(
        `InvalidParameterValue.${String(issue.path[0])}`,
        `The value of parameter \`${parameter}\` is not valid: ${issue.message}.`,
      );
  }
}
