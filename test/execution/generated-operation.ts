import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isNonNullType,
  isUnionType,
  parse,
  validate,
} from 'graphql';
import { type Random, seededRandom } from '../../src/kit/seeded-random.ts';
import { generateValue, type ScalarValues } from './generated-values.ts';

export type Operation = {
  source: string;
  operationName: string;
  /** Values for its variables, and others. */
  variants: readonly [Record<string, unknown>, Record<string, unknown>];
};

export type GenerateOptions = { schema: GraphQLSchema; scalars: ScalarValues; depth: number };

/** A valid query by the schema's grammar: always the same one for a seed. */
export function generateOperation(options: GenerateOptions, seed: string): Operation {
  for (let attempt = 0; ; attempt += 1) {
    const operation = generate(options, seededRandom(seed, attempt));
    if (validate(options.schema, parse(operation.source)).length === 0) return operation;
  }
}

function generate({ schema, scalars, depth: maxDepth }: GenerateOptions, random: Random): Operation {
  const chance = (share: number): boolean => random.fraction() < share;
  const variables: { name: string; definition: string; values: readonly [unknown, unknown] }[] = [];
  const fragments: { name: string; type: GraphQLCompositeType; text: string }[] = [];
  const argumentsByField = new Map<string, string>();
  let room = 60;

  function selectionSet(type: GraphQLCompositeType, depth: number): string {
    const selections = Array.from({ length: random.integer(1, 6) }, () => selection(type, depth));
    return `{ ${selections.join(' ')} }`;
  }

  function selection(type: GraphQLCompositeType, depth: number): string {
    const roll = random.fraction();
    room -= 1;
    if (roll < 0.06 || room < 0) return `${chance(0.3) ? 'typeName: ' : ''}__typename${condition()}`;
    if (roll < 0.1) return `...${condition()} ${selectionSet(type, depth)}`;
    if (roll < 0.2 || isUnionType(type)) {
      const narrower = overlapping(type);
      return `... on ${narrower.name}${condition()} ${selectionSet(narrower, depth)}`;
    }
    return roll < 0.32 ? `...${fragmentOn(overlapping(type), depth)}${condition()}` : field(type.getFields(), depth);
  }

  /** A type of which some of the outer type's objects may be. */
  function overlapping(type: GraphQLCompositeType): GraphQLCompositeType {
    const others = Object.values(schema.getTypeMap())
      .filter(isCompositeType)
      .filter((other) => !other.name.startsWith('__') && possible(other).some((one) => possible(type).includes(one)));
    return random.pick([type, ...others]);
  }

  function possible(type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
    return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  }

  function fragmentOn(type: GraphQLCompositeType, depth: number): string {
    const known = fragments.find((fragment) => fragment.type === type);
    if (known && chance(0.6)) return known.name;
    const name = `F${fragments.length}${random.integer(0, 1e6)}`;
    const text = `fragment ${name} on ${type.name} ${selectionSet(type, Math.max(depth - 1, 0))}`;
    fragments.push({ name, type, text });
    return name;
  }

  function field(fields: Record<string, GraphQLField<unknown, unknown>>, depth: number): string {
    const usable = Object.values(fields).filter(({ type }) => depth > 0 || !isCompositeType(getNamedType(type)));
    const [first, ...others] = usable;
    if (!first) return '__typename';
    const { name, args, type } = random.pick([first, ...others]);
    const named = getNamedType(type);
    const below = isCompositeType(named) ? ` ${selectionSet(named, depth - 1)}` : '';
    // The same name has the same arguments, so that what is asked for twice can be merged.
    const place = chance(0.25) ? `${name}${random.integer(1, 2)}` : name;
    const given = argumentsByField.get(place) ?? argumentsOf(args);
    argumentsByField.set(place, given);
    return `${place === name ? '' : `${place}: `}${name}${given}${condition()}${below}`;
  }

  function argumentsOf(args: readonly GraphQLArgument[]): string {
    const given = args
      .filter((argument) => isNonNullType(argument.type) || chance(0.6))
      .map((argument) => `${argument.name}: ${chance(0.4) ? variableFor(argument) : literalFor(argument)}`);
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  function literalFor({ type }: GraphQLArgument): string {
    return !isNonNullType(type) && chance(0.1) ? 'null' : generateValue(type, scalars, random).text;
  }

  function variableFor({ type }: GraphQLArgument): string {
    const mayBeAbsent = !isNonNullType(type);
    const byDefault = mayBeAbsent && chance(0.2) ? ` = ${generateValue(type, scalars, random).text}` : '';
    const value = (): unknown =>
      mayBeAbsent && chance(0.3) ? random.pick([null, undefined]) : generateValue(type, scalars, random).json;
    return addVariable(`${String(type)}${byDefault}`, [value(), value()]);
  }

  function addVariable(definition: string, values: readonly [unknown, unknown]): string {
    const name = `v${variables.length}`;
    variables.push({ name, definition: `$${name}: ${definition}`, values });
    return `$${name}`;
  }

  function condition(): string {
    if (!chance(0.1)) return '';
    const isKnown = chance(0.5);
    const value = chance(0.5);
    return ` @${random.pick(['skip', 'include'])}(if: ${isKnown ? String(value) : conditionVariable(value)})`;
  }

  function conditionVariable(value: boolean): string {
    const known = variables.filter(({ definition }) => definition.endsWith(': Boolean!'));
    const [first, ...others] = known;
    return first && (known.length === 4 || chance(0.6))
      ? `$${random.pick([first, ...others]).name}`
      : addVariable('Boolean!', [value, chance(0.5)]);
  }

  const queryType = schema.getQueryType();
  if (!queryType) throw new Error('There is nothing to ask for.');
  const body = selectionSet(queryType, maxDepth);
  const definitions = variables.map(({ definition }) => definition).join(', ');
  const texts = [`query Generated${definitions && `(${definitions})`} ${body}`, ...fragments.map(({ text }) => text)];
  if (chance(0.1)) texts.unshift('query Another { __typename }');
  const variant = (index: 0 | 1) =>
    Object.fromEntries(
      variables.flatMap(({ name, values }) => (values[index] === undefined ? [] : [[name, values[index]]])),
    );
  return { source: texts.join('\n'), operationName: 'Generated', variants: [variant(0), variant(1)] };
}
