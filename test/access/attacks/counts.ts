import { type Attack, numbers, operation, times } from './operation.ts';

const operations = (count: number) =>
  operation(
    times(count, (index) => `query Q${index} { __typename }`),
    {},
    'Q49',
  );

function fragments(count: number): string {
  const spreads = times(count, (index) => `...F${index}`);
  return operation(`{ ${spreads} } ${times(count, (index) => `fragment F${index} on Query { __typename }`)}`);
}

function variables(count: number): string {
  const [definitions, uses] = [times(count, (index) => `$v${index}: ID!`), times(count, (index) => `$v${index}`)];
  const values = Object.fromEntries(numbers(count).map((number) => [`v${number}`, number]));
  return operation(`query (${definitions}) { nodes(ids: [${uses}]) { id } }`, values);
}

const bothDirectives = operation('{ __typename @skip(if: false) @include(if: true) }');

export const counts: Attack[] = [
  {
    name: 'directives on one field',
    refused: 'TOO_COMPLEX directives',
    control: operation(`{ ${times(100, (index) => `a${index}: __typename @include(if: true)`)} }`),
    attack: operation(`{ __typename ${'@include(if: true) '.repeat(550)} }`),
  },
  {
    name: 'a hundred unknown directives on one field',
    refused: 'GRAPHQL_VALIDATION_FAILED',
    control: bothDirectives,
    attack: operation(`{ __typename ${'@aa'.repeat(100)} }`),
  },
  {
    name: 'a hundred thousand unknown directives on one field',
    refused: 'TOO_COMPLEX length',
    control: bothDirectives,
    attack: operation(`{ __typename ${'@aa'.repeat(100_000)} }`),
  },
  { name: 'operations', refused: 'TOO_COMPLEX operations', control: operations(50), attack: operations(600) },
  { name: 'fragments', refused: 'TOO_COMPLEX fragments', control: fragments(100), attack: fragments(300) },
  { name: 'variables', refused: 'TOO_COMPLEX variables', control: variables(100), attack: variables(500) },
  {
    name: 'the name of an operation that is not there, of a megabyte',
    refused: 'BAD_USER_INPUT',
    control: operation('query Name { __typename }', {}, 'Name'),
    attack: operation('query Name { __typename }', {}, 'x'.repeat(1_000_000)),
  },
  {
    name: 'parts that come later, by @defer',
    refused: 'GRAPHQL_VALIDATION_FAILED',
    control: operation('{ ... { __typename } }'),
    attack: operation(`{ ${times(50, (index) => `... @defer(label: "${index}") { __typename }`)} }`),
  },
  {
    name: 'items that come later, by @stream',
    refused: 'GRAPHQL_VALIDATION_FAILED',
    control: operation('{ tasks { nodes { __typename } } }'),
    attack: operation('{ tasks { nodes @stream(initialCount: 0) { __typename } } }'),
  },
];
