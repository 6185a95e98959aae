import { type Attack, operation, taskWith, times, typenames } from './operation.ts';

const eightQueries = times(8, (number) => `query Q${number} ${taskWith(typenames(160))}`);
const conflicts = times(50, (index) => `task(id: "${index}") { __typename }`);
const longestName = operation(`{ ${'a'.repeat(128)}: __typename }`);

export const size: Attack[] = [
  {
    name: 'a megabyte of tokens',
    refused: 'TOO_COMPLEX length',
    control: operation(eightQueries, {}, 'Q0'),
    attack: operation(`{ ${'a '.repeat(500_000)} }`),
  },
  {
    name: 'thousands of tokens',
    refused: 'TOO_COMPLEX tokens',
    control: operation(eightQueries, {}, 'Q1'),
    attack: operation(`{ ${'a '.repeat(20_000)} }`),
  },
  {
    name: 'a megabyte of comments',
    refused: 'TOO_COMPLEX length',
    control: operation(`{ __typename } ${'#\n'.repeat(24_000)}`),
    attack: operation(`{ __typename } ${'#\n'.repeat(300_000)}`),
  },
  {
    name: 'mistakes behind thousands of lines, each of which is counted to locate them',
    refused: 'GRAPHQL_VALIDATION_FAILED',
    control: operation(`${'\n'.repeat(49_000)} { __typename }`),
    attack: operation(`${'\n'.repeat(48_000)} { ${conflicts} }`),
  },
  {
    name: 'a name of half a megabyte',
    refused: 'TOO_COMPLEX length',
    control: longestName,
    attack: operation(`{ ${'a'.repeat(500_000)} }`),
  },
  {
    name: 'a name of kilobytes',
    refused: 'TOO_COMPLEX nameLength',
    control: longestName,
    attack: operation(`{ ${'a'.repeat(40_000)} }`),
  },
  {
    name: 'a syntax error behind a text of kilobytes',
    refused: 'GRAPHQL_PARSE_FAILED',
    control: operation('{ __typename }'),
    attack: operation(`{ __typename } "${'x'.repeat(49_000)}" !`),
  },
];
