import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ModelCatalogueError } from '../domain/models/model-catalogue-file.ts';
import { builtInCatalogue, parseModelCatalogue, type ModelCatalogue } from '../domain/models/model-catalogue.ts';
import { documentedLimits, type UpstreamAction, type UpstreamLimits } from '../domain/upstream.ts';

// The types of values in the environment. No mistake repeats what may be a secret.

/** The non-empty parts between commas. */
export function partsOf(list: string): string[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function integer(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,13}$/, error)
    .transform(Number)
    .refine((value) => value >= min && value <= max, error);
}

/** 0: any free port. */
export function port(fallback: number) {
  return integer(0, 65_535).default(fallback);
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values, fallback: Values[number]) {
  return z.enum(values, { error: `must be one of: ${values.join(', ')}` }).default(fallback);
}

export function secret() {
  return z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .optional();
}

export function databaseUrl() {
  return z
    .string()
    .refine(
      (url) => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url),
      'must be a URL that begins with postgres:// or postgresql://; what is special in a password is written as %40 and the like',
    )
    .nullable()
    .default(null);
}

export function origin(example: string) {
  return z.string().refine(isOrigin, `must be an http:// or https:// address without a path, such as ${example}`);
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.username === ''
  );
}

/** `CreateAigcImageTask=10,DescribeAigcVideoTask=20`: actions that are not named keep their documented limits. */
export function limits() {
  return z.string().default('').transform(parseLimits);
}

function parseLimits(text: string, context: z.RefinementCtx): UpstreamLimits {
  const parsed = { ...documentedLimits };
  for (const part of partsOf(text)) {
    const [action = '', value = ''] = part.split('=').map((half) => half.trim());
    const limit = Number(value);
    if (isAction(action) && /^\d+(\.\d+)?$/.test(value) && limit >= 0.1 && limit <= 1_000) parsed[action] = limit;
    else {
      const names = Object.keys(documentedLimits).join(', ');
      const message = `"${part}" must read <action>=<requests a second, 0.1 to 1000>; actions are ${names}`;
      context.addIssue({ code: 'custom', message });
    }
  }
  return parsed;
}

function isAction(name: string): name is UpstreamAction {
  return Object.hasOwn(documentedLimits, name);
}

/** Reads the model catalogue at a path; without one, the built-in catalogue. */
export function catalogueFile() {
  return z.string().optional().transform(readCatalogue);
}

function readCatalogue(path: string | undefined, context: z.RefinementCtx): ModelCatalogue {
  if (path === undefined) return builtInCatalogue;
  try {
    return parseModelCatalogue(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const mistakes = error instanceof ModelCatalogueError ? error.mistakes : [messageOf(error)];
    for (const mistake of mistakes) context.addIssue({ code: 'custom', message: `${path}: ${mistake}` });
    return z.NEVER;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
