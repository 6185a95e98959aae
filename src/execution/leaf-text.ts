import { type GraphQLLeafType, isEnumType, locatedError } from 'graphql';

/** The JSON text of a scalar's or an enum's value. */
export type LeafText = (value: unknown) => string;

export function createLeafText(type: GraphQLLeafType): LeafText {
  const coerced: LeafText = (value) => jsonText(coerce(type, value));
  if (!isEnumType(type)) return coerced;
  const texts = new Map<unknown, string>(type.getValues().map(({ name, value }) => [value, JSON.stringify(name)]));
  return (value) => texts.get(value) ?? coerced(value);
}

function coerce(type: GraphQLLeafType, value: unknown): unknown {
  const coerced: unknown = type.coerceOutputValue(value);
  if (coerced !== null && coerced !== undefined) return coerced;
  throw new Error(
    `Expected \`${String(type)}.coerceOutputValue(${inspect(value)})\` to return non-nullable value, returned: ${String(coerced)}`,
  );
}

function jsonText(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new Error(`A scalar's value can not be written as JSON: ${inspect(value)}`);
  return text;
}

// oxlint-disable-next-line no-control-regex -- JSON escapes them
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

/** JSON.stringify takes half as long again for a text that has nothing to escape. */
function quote(text: string): string {
  return escaped.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** As graphql shows values in its messages. It keeps the function to itself, but for what was thrown. */
export function inspect(value: unknown): string {
  return locatedError(value, undefined, undefined).message.replace('Unexpected error value: ', '');
}
