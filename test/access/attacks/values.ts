import { type Attack, createOf, createWith, numbers, operation } from './operation.ts';

const nodes = (count: number) => operation('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: numbers(count) });
const pageOf = (modelNames: string[]) =>
  operation('query ($of: [String!]) { tasks(filter: { modelNames: $of }) { asOf } }', { of: modelNames });
const pageIn = (statuses: string[]) =>
  operation('query ($in: [TaskStatus!]) { tasks(filter: { statuses: $in }) { asOf } }', { in: statuses });
const first = (number: unknown) => operation('query ($n: Int) { tasks(first: $n) { asOf } }', { n: number });

function wrongFields(count: number, prefix = 'prompt'): Record<string, unknown> {
  return Object.fromEntries(numbers(count).map((number) => [prefix + number, 1]));
}

function repeating(count: number): string {
  const query = createWith(`{ list: [${'$v '.repeat(count)}] }`, '($v: JSONObject)');
  return operation(query, { v: { list: Array.from({ length: 9_000 }, () => 1) } });
}

export const values: Attack[] = [
  { name: 'thousands of ids', refused: 'BAD_USER_INPUT', control: nodes(100), attack: nodes(9_000) },
  { name: 'a hundred thousand ids', refused: 'TOO_COMPLEX values', control: nodes(100), attack: nodes(100_000) },
  {
    name: 'ids in an argument',
    refused: 'TOO_COMPLEX tokens',
    control: operation(`{ nodes(ids: [${'"1" '.repeat(100)}]) { id } }`),
    attack: operation(`{ nodes(ids: [${'"1" '.repeat(10_000)}]) { id } }`),
  },
  {
    name: 'values of a filter',
    refused: 'BAD_USER_INPUT',
    control: pageOf(numbers(100)),
    attack: pageOf(numbers(9_000)),
  },
  {
    name: 'values that an enum has not',
    refused: 'BAD_USER_INPUT',
    control: pageIn(['WAIT']),
    attack: pageIn(numbers(9_000)),
  },
  {
    name: 'fields that an input has not',
    refused: 'BAD_USER_INPUT',
    control: createOf('{}'),
    attack: createOf(JSON.stringify(wrongFields(9_000))),
  },
  {
    name: 'tens of thousands of fields that an input has not',
    refused: 'TOO_COMPLEX values',
    control: createOf('{}'),
    attack: createOf(JSON.stringify(wrongFields(60_000))),
  },
  {
    name: 'fields that an input has not, with names of kilobytes',
    refused: 'BAD_USER_INPUT',
    control: createOf('{}'),
    attack: createOf(JSON.stringify(wrongFields(20, 'x'.repeat(50_000)))),
  },
  {
    name: 'fields that an input has not, beside a text of a megabyte',
    refused: 'BAD_USER_INPUT',
    control: createOf('{}'),
    attack: createOf(JSON.stringify({ prompt: 'x'.repeat(900_000), ...wrongFields(60) })),
  },
  {
    name: 'a literal that repeats a variable',
    refused: 'BAD_USER_INPUT',
    control: repeating(1),
    attack: repeating(1_900),
  },
  {
    name: 'a text of a megabyte in place of a number',
    refused: 'BAD_USER_INPUT',
    control: first(1),
    attack: first('\u0001'.repeat(170_000)),
  },
  {
    name: 'a text of kilobytes in place of a number, in an argument',
    refused: 'GRAPHQL_VALIDATION_FAILED',
    control: operation('{ tasks(first: 1) { asOf } }'),
    attack: operation(`{ tasks(first: "${'猫'.repeat(49_000)}") { asOf } }`),
  },
];
