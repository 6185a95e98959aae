import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import type { Random } from '../../src/kit/seeded-random.ts';

/** What a client may send for the schema's scalars, as JSON. */
export type ScalarValues = Record<string, (random: Random) => unknown>;

/** A value as it stands in a document, and as it is sent for a variable. */
export type InputValue = { text: string; json: unknown };

export const builtInScalars: ScalarValues = {
  Int: (random) => random.integer(-3, 70),
  Float: (random) => random.between(-1, 1),
  String: (random) => random.pick(['', 'text', 'with "quotes" and \\', 'a\nb\t\u0001', '日本語 🎨', '\u2028']),
  Boolean: (random) => random.fraction() < 0.5,
  ID: (random) => random.pick(['1', 'id', '0198']),
};

export function generateValue(type: GraphQLInputType, scalars: ScalarValues, random: Random): InputValue {
  if (isNonNullType(type)) return generateValue(type.ofType, scalars, random);
  if (isListType(type)) {
    const items = Array.from({ length: random.integer(0, 3) }, () => generateItem(type.ofType, scalars, random));
    return { text: `[${items.map(({ text }) => text).join(', ')}]`, json: items.map(({ json }) => json) };
  }
  if (isEnumType(type)) {
    const [first, ...others] = type.getValues().map(({ name }) => name);
    const name = random.pick([first ?? '', ...others]);
    return { text: name, json: name };
  }
  if (isInputObjectType(type)) {
    const all = Object.values(type.getFields());
    const chosen = type.isOneOf
      ? [all[random.integer(0, all.length - 1)]].flatMap((field) => field ?? [])
      : all.filter((field) => isNonNullType(field.type) || random.fraction() < 0.5);
    const fields = chosen.map(
      (field) => [field.name, generateItem(field.type, scalars, random, type.isOneOf)] as const,
    );
    return {
      text: `{ ${fields.map(([name, { text }]) => `${name}: ${text}`).join(', ')} }`,
      json: Object.fromEntries(fields.map(([name, { json }]) => [name, json])),
    };
  }
  const json = scalars[type.name]?.(random);
  return { text: JSON.stringify(json).replaceAll(/"(\w+)":/g, '$1: '), json };
}

function generateItem(type: GraphQLInputType, scalars: ScalarValues, random: Random, isNeeded = false): InputValue {
  const mayBeNull = !isNeeded && !isNonNullType(type);
  return mayBeNull && random.fraction() < 0.1 ? { text: 'null', json: null } : generateValue(type, scalars, random);
}
