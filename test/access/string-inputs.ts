import {
  getNullableType,
  type GraphQLField,
  type GraphQLInputType,
  isInputObjectType,
  isLeafType,
  isListType,
  isRequiredInputField,
  isUnionType,
} from 'graphql';
import { schema } from '../../schema/index.ts';
import { operation } from './attacks/operation.ts';

/** A place where a caller can send a text: an argument of a root field, or what is in it. */
export type StringInput = {
  kind: 'query' | 'mutation' | 'subscription';
  field: GraphQLField<unknown, unknown>;
  /** From the argument's name on, with 0 for the first of a list. */
  path: string[];
};

const textTypes = new Set(['String', 'ID', 'DateTime', 'ChangeCursor', 'JSONObject']);

/** All there are in the API. */
export function findStringInputs(): StringInput[] {
  const roots = [
    { kind: 'query', type: schema.getQueryType() },
    { kind: 'mutation', type: schema.getMutationType() },
    { kind: 'subscription', type: schema.getSubscriptionType() },
  ] as const;
  return roots.flatMap(({ kind, type }) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) =>
      field.args.flatMap((argument) =>
        textPaths(argument.type, [argument.name]).map((path) => ({ kind, field, path })),
      ),
    ),
  );
}

function textPaths(type: GraphQLInputType, path: string[]): string[][] {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return textPaths(nullable.ofType, [...path, '0']);
  if (isLeafType(nullable)) return textTypes.has(nullable.name) ? [path] : [];
  if (!isInputObjectType(nullable)) return [];
  return Object.values(nullable.getFields()).flatMap((field) => textPaths(field.type, [...path, field.name]));
}

/** The operation that sends a value there, and next to it only what has to be sent, and a prompt. */
export function operationWith(input: StringInput, value: unknown, prompt = 'a lighthouse'): string {
  const [name = '', ...path] = input.path;
  const { kind, field } = input;
  const type = field.args.find((argument) => argument.name === name)?.type;
  if (!type) throw new Error(`${field.name} has no argument ${name}.`);
  const couldBeInvalid =
    isUnionType(field.type) && field.type.getTypes().some(({ name: of }) => of === 'InvalidInputError');
  const selection = `{ __typename ${couldBeInvalid ? '... on InvalidInputError { issues { path code } }' : ''} }`;
  const query = `${kind} ($value: ${String(type)}) { ${field.name}(${name}: $value) ${selection} }`;
  return operation(query, { value: around(value, type, path, prompt) });
}

function around(value: unknown, type: GraphQLInputType, path: string[], prompt: string): unknown {
  const nullable = getNullableType(type);
  const [next, ...rest] = path;
  if (isListType(nullable)) return [around(value, nullable.ofType, rest, prompt)];
  if (!isInputObjectType(nullable)) return value;
  const sent = Object.values(nullable.getFields()).flatMap((field): [string, unknown][] => {
    if (field.name === next) return [[next, around(value, field.type, rest, prompt)]];
    if (field.name === 'prompt') return [['prompt', prompt]];
    return isRequiredInputField(field) ? [[field.name, 'https://example.com/a.png']] : [];
  });
  return Object.fromEntries(sent);
}
