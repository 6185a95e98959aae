import { type Attack, operation } from './operation.ts';

const refused = 'GRAPHQL_VALIDATION_FAILED';

const under = (write: (name: string) => string): Omit<Attack, 'name'> => ({
  refused,
  control: operation(write('thenn')),
  attack: operation(write('then')),
});

/** Whatever has a field of this name is a promise to JavaScript. */
export const responseNames: Attack[] = [
  { name: 'at the root', ...under((name) => `{ ${name}: __typename }`) },
  { name: 'of a list', ...under((name) => `{ ${name}: tasks { totalCount } }`) },
  { name: 'further down', ...under((name) => `{ tasks { nodes { ... on AigcTask { id } } ${name}: totalCount } }`) },
  { name: 'in an inline fragment', ...under((name) => `{ tasks { ... { ${name}: totalCount } } }`) },
  {
    name: 'in a fragment',
    ...under((name) => `{ tasks { ...Counted } } fragment Counted on TaskConnection { ${name}: totalCount }`),
  },
  {
    name: 'in an operation that is not asked for',
    refused,
    control: operation('query A { __typename } query B { thenn: __typename }', {}, 'A'),
    attack: operation('query A { __typename } query B { then: __typename }', {}, 'A'),
  },
  {
    name: 'as the field’s own',
    refused,
    control: operation('{ __typename }'),
    attack: operation('{ then }'),
  },
];
