import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { builder } from './builder.ts';

/** Far beyond what any model takes: keeps recursion through the object from overflowing the stack. */
const maxDepth = 64;
/** A literal may repeat a variable, and so be a thousand times as large as the request. */
const maxSize = { values: 10_000, characters: 1_000_000 };

builder.scalarType('JSONObject', {
  description:
    'A JSON object with any content, such as `{ size: "1024x1024" }`: a literal or a variable, not serialised text. How large it may be is said where it is asked for.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-4',
  serialize: (object) => object,
  parseValue: parseJsonObject,
  parseLiteral: (literal, variables) => parseJsonObject(fromLiteral(literal, variables ?? {})),
});

/** Throws unless the value is a plain object of bounded depth and size. */
export function parseJsonObject(value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw new GraphQLError('JSONObject must be a JSON object such as {"size": "1024x1024"}.');
  checkSize(value, 1, { ...maxSize });
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkSize(value: unknown, depth: number, room: typeof maxSize): void {
  room.values -= 1;
  if (typeof value === 'string') room.characters -= value.length;
  if (room.values < 0 || room.characters < 0) {
    throw new GraphQLError(`JSONObject must hold at most ${maxSize.values} values, and a megabyte of text.`);
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > maxDepth) throw new GraphQLError(`JSONObject must be at most ${maxDepth} levels deep.`);
  for (const [name, child] of Object.entries(value)) {
    room.characters -= name.length;
    checkSize(child, depth + 1, room);
  }
}

/** An absent variable leaves its field out, and is null in a list, as in GraphQL's own input objects and lists. */
function fromLiteral(node: ValueNode, variables: Record<string, unknown>): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields
          .map((field) => [field.name.value, fromLiteral(field.value, variables)] as const)
          .filter(([, value]) => value !== undefined),
      );
    case Kind.LIST:
      return node.values.map((item) => fromLiteral(item, variables) ?? null);
    case Kind.VARIABLE:
      return variables[node.name.value];
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    default:
      return node.value;
  }
}
