import { type Attack, createOf, createWith, nest, operation, retries, taskWith, times } from './operation.ts';

const deepest = operation(taskWith(retries(10)));

function chain(levels: number): string {
  const fragments = times(levels, (level) => `fragment F${level} on AigcTask { retryOf { ...F${level + 1} } }`);
  return operation(`${taskWith('...F0')} ${fragments} fragment F${levels} on AigcTask { id }`);
}

export const depth: Attack[] = [
  {
    name: 'fields in fields',
    refused: 'TOO_COMPLEX depth',
    control: deepest,
    attack: operation(taskWith(retries(11))),
  },
  {
    name: 'hundreds of fields in fields',
    refused: 'TOO_COMPLEX nesting',
    control: deepest,
    attack: operation(taskWith(retries(600))),
  },
  {
    name: 'selections that never close',
    refused: 'TOO_COMPLEX nesting',
    control: deepest,
    attack: operation('{a'.repeat(20_000)),
  },
  { name: 'fields in fields, by fragments', refused: 'TOO_COMPLEX depth', control: chain(9), attack: chain(90) },
  {
    name: 'lists in an argument',
    refused: 'TOO_COMPLEX nesting',
    control: operation(createWith(`{ a: ${nest(50, '[', '1', ']')} }`)),
    attack: operation(createWith(`{ a: ${nest(1_900, '[', '1', ']')} }`)),
  },
  {
    name: 'objects in an argument',
    refused: 'TOO_COMPLEX nesting',
    control: operation(createWith(nest(50, '{ a: ', '1', ' }'))),
    attack: operation(createWith(nest(900, '{ a: ', '1', ' }'))),
  },
  {
    name: 'objects in a variable',
    refused: 'BAD_USER_INPUT',
    control: createOf(`{"additionalParameters":${nest(60, '{"a":', '1', '}')}}`),
    attack: createOf(`{"additionalParameters":${nest(9_000, '{"a":', '1', '}')}}`),
  },
  {
    name: 'lists in a variable that is no list',
    refused: 'BAD_USER_INPUT',
    control: createOf('{"prompt":""}'),
    attack: createOf(`{"prompt":${nest(9_000, '[', '', ']')}}`),
  },
  {
    name: 'a megabyte of lists in a variable that nobody has asked for',
    refused: 'TOO_COMPLEX values',
    control: '{"query":"{ __typename }","variables":{"unknown":[[[[[[[[]]]]]]]]}}',
    attack: `{"query":"{ __typename }","variables":{"unknown":${nest(500_000, '[', '', ']')}}}`,
  },
  {
    name: 'lists in the type of a variable',
    refused: 'TOO_COMPLEX nesting',
    control: operation(createWith('{ a: $list }', `($list: ${nest(50, '[', 'Int', ']')})`)),
    attack: operation(createWith('{ a: $list }', `($list: ${nest(1_900, '[', 'Int', ']')})`)),
  },
];
