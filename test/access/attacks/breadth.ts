import { type Attack, operation, taskWith, times, typenames } from './operation.ts';

const widestRoot = operation(`{ ${typenames(100)} }`);

function doublingFields(levels: number): string {
  const twice = (level: number) => `a: retryOf { ...F${level + 1} } b: retryOf { ...F${level + 1} }`;
  const fragments = times(levels, (level) => `fragment F${level} on AigcTask { ${twice(level)} }`);
  return operation(`${taskWith('...F0')} ${fragments} fragment F${levels} on AigcTask { id }`);
}

function doublingSpreads(levels: number): string {
  const fragments = times(levels, (level) => `fragment F${level} on Query { ...F${level + 1} ...F${level + 1} }`);
  return operation(`{ ...F0 } ${fragments} fragment F${levels} on Query { __typename }`);
}

const spreadInTasks = (count: number) =>
  operation(
    `{ ${times(count, (task) => `a${task}: task(id: "1") { ...F }`)} } fragment F on Node { ${typenames(249)} }`,
  );

/** A circle of two, unless the second leads to something else. */
const circle = (end: string) =>
  operation(
    `${taskWith('...A')} fragment A on AigcTask { retryOf { ...B } } fragment B on AigcTask { retryOf { ${end} } }`,
  );

function tangle(): string {
  const spreads = (fragment: number) => times(5, (step) => `...F${(fragment * 7 + step * 13 + 1) % 100}`);
  return times(100, (fragment) => `fragment F${fragment} on AigcTask { retryOf { ${spreads(fragment)} } }`);
}

export const breadth: Attack[] = [
  {
    name: 'aliases at the root',
    refused: 'TOO_COMPLEX rootFields',
    control: widestRoot,
    attack: operation(`{ ${typenames(101)} }`),
  },
  {
    name: 'thousands of aliases at the root',
    refused: 'TOO_COMPLEX rootFields',
    control: widestRoot,
    attack: operation(`{ ${typenames(1_300)} }`),
  },
  {
    name: 'one field, thousands of times',
    refused: 'TOO_COMPLEX rootFields',
    control: operation(`{ ${'__typename '.repeat(100)} }`),
    attack: operation(`{ ${'__typename '.repeat(3_900)} }`),
  },
  {
    name: 'aliases below the root',
    refused: 'TOO_COMPLEX breadth',
    control: operation(taskWith(typenames(499))),
    attack: operation(taskWith(typenames(500))),
  },
  {
    name: 'aliases by a fragment',
    refused: 'TOO_COMPLEX breadth',
    control: spreadInTasks(2),
    attack: spreadInTasks(90),
  },
  {
    name: 'fragments that double by their fields',
    refused: 'TOO_COMPLEX breadth',
    control: doublingFields(6),
    attack: doublingFields(90),
  },
  {
    name: 'fragments that double by their spreads',
    refused: 'TOO_COMPLEX rootFields',
    control: doublingSpreads(6),
    attack: doublingSpreads(90),
  },
  {
    name: 'fragments in a circle',
    refused: 'GRAPHQL_VALIDATION_FAILED',
    control: circle('__typename'),
    attack: circle('...A'),
  },
  {
    name: 'a hundred fragments in circles',
    refused: 'TOO_COMPLEX breadth',
    control: circle('__typename'),
    attack: operation(`${taskWith('...F0')} ${tangle()}`),
  },
  {
    name: 'fields of one name, each of which has to be compared with all others',
    refused: 'GRAPHQL_VALIDATION_FAILED',
    control: operation(`{ ${times(80, () => 'task(id: "1") { ... on AigcTask { id kind status mode prompt } }')} }`),
    attack: operation(`{ ${times(99, (index) => `task(id: "${index}") { ... on AigcTask { id kind status } }`)} }`),
  },
  {
    name: 'hundreds of mistakes',
    refused: 'GRAPHQL_VALIDATION_FAILED',
    control: operation(taskWith('__typename')),
    attack: operation(taskWith(times(499, (index) => `nope${index}`))),
  },
];
