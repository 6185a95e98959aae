import {
  getNullableType,
  type GraphQLInputType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { InvalidInputError } from '../../src/domain/errors.ts';
import type { InputIssue } from '../../src/domain/request/input-issue.ts';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import { checkRequest } from '../../src/domain/request/request-rules.ts';
import { ask } from './ask.ts';
import { createInMemoryUseCases } from './in-memory-use-cases.ts';

const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
/** All that they have may be null, for the one reason that Query's own description tells. */
const roots = [schema.getQueryType(), schema.getMutationType()].map((type) => type?.name);

describe('the descriptions', () => {
  it('say of every field that may be null when it is', () => {
    const fields = types
      .filter((type) => isInterfaceType(type) || isObjectType(type))
      .filter(({ name }) => !roots.includes(name))
      .flatMap((type) => Object.values(type.getFields()));

    const silent = fields.filter(
      ({ type, description }) => !isNonNullType(type) && !/\bnull\b/i.test(description ?? ''),
    );
    expect(silent.map(String)).toEqual([]);
  });

  it('say of every text in an input how long it may be, or all that it may be', () => {
    const fields = types.filter((type) => isInputObjectType(type)).flatMap((type) => Object.values(type.getFields()));

    const silent = fields.filter(({ type, description }) => isText(type) && maxLengthIn(description) === null);
    expect(silent.map(String)).toEqual(['CreateImageTaskInput.resolution']);
  });

  it.each(['Image', 'Video', 'Audio'])('allow in the texts of Create%sTaskInput what the rules allow', async (kind) => {
    const asLong = requestOf(kind, 0);
    const longer = requestOf(kind, 1);

    expect(await tooLongIn(kind, asLong)).toEqual([]);
    expect(await tooLongIn(kind, longer)).toEqual(textPaths(longer).toSorted());
  });
});

function isText(type: GraphQLInputType): boolean {
  const nullable = getNullableType(type);
  return isListType(nullable) ? isText(nullable.ofType) : nullable.name === 'String';
}

/** How many characters a description allows. */
function maxLengthIn(description: string | null | undefined): number | null {
  const told = /up to ([\d,]+) characters/.exec(description ?? '')?.[1];
  return told === undefined ? null : Number(told.replaceAll(',', ''));
}

/** An input with every text that tells its length, each of them so many characters longer than that. */
function requestOf(kind: string, extra: number): object {
  const input = schema.getType(`Create${kind}TaskInput`);
  if (!isInputObjectType(input)) throw new Error(`There is no input for ${kind}.`);
  const { idempotencyKey: _, webhook: __, ...request } = Object(valueOf(input, '', extra));
  return request;
}

function valueOf(type: GraphQLInputType, description: string | null | undefined, extra: number): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [valueOf(nullable.ofType, description, extra)];
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields());
    return Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type, field.description, extra)]));
  }
  const maxLength = isText(nullable) ? maxLengthIn(description) : null;
  return maxLength === null ? undefined : 'https://example.com/'.padEnd(maxLength + extra, 'x');
}

function textPaths(value: unknown, path: string[] = []): string[] {
  if (typeof value === 'string') return [path.join('.')];
  return Object.entries(value ?? {}).flatMap(([name, item]) => textPaths(item, [...path, name]));
}

/** Where the rules find a text too long, in the order of the alphabet. */
async function tooLongIn(kind: string, input: object): Promise<string[]> {
  let found: readonly InputIssue[] = [];
  const { useCases } = createInMemoryUseCases([], {
    createTask: async (_caller, request) => {
      found = checkRequest(request, { catalogue: builtInCatalogue, exemptOrigins: [] }).issues;
      throw new InvalidInputError(found);
    },
  });
  const create = `mutation ($input: Create${kind}TaskInput!) { create${kind}Task(input: $input) { __typename } }`;
  expect((await ask(useCases, create, { input })).errors).toBeUndefined();
  return found
    .filter(({ code }) => code === 'TOO_LONG')
    .map(({ path }) => path.join('.'))
    .toSorted();
}
