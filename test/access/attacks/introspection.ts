import { getIntrospectionQuery } from 'graphql';
import { type Attack, operation, times } from './operation.ts';

const types = (count: number) =>
  operation(`{ ${times(count, (index) => `a${index}: __type(name: "Query") { fields { name } }`)} }`);
const schemas = (alias: string) =>
  operation(`{ ...S ${alias} __schema { types { name } } } fragment S on Query { a: __schema { types { name } } }`);
const fieldsWith = (selection: string) => operation(`{ __schema { types { fields { type { ${selection} } } } } }`);
const interfacesWith = (selection: string) =>
  operation(
    `{ __type(name: "Node") { ...T } } fragment T on __Type { possibleTypes { ...U } } fragment U on __Type { ${selection} }`,
  );

export const introspection: Attack[] = [
  {
    name: 'the whole schema, hundreds of times',
    refused: 'TOO_COMPLEX rootFields',
    control: operation(getIntrospectionQuery()),
    attack: operation(`{ ${times(300, (index) => `a${index}: __schema { types { fields { name } } }`)} }`),
  },
  {
    name: 'the schema twice, once by a fragment',
    refused: 'TOO_COMPLEX schemas',
    control: operation('{ ...S } fragment S on Query { __schema { types { name } } }'),
    attack: schemas('b:'),
  },
  { name: 'types', refused: 'TOO_COMPLEX types', control: types(10), attack: types(99) },
  {
    name: 'fields of the types of fields',
    refused: 'TOO_COMPLEX introspectionDepth',
    control: fieldsWith('name ofType { name ofType { name ofType { name } } }'),
    attack: fieldsWith('fields { type { name } }'),
  },
  {
    name: 'interfaces of possible types, by fragments',
    refused: 'TOO_COMPLEX introspectionDepth',
    control: interfacesWith('name'),
    attack: interfacesWith('interfaces { name }'),
  },
  {
    name: 'one field of every type, hundreds of times',
    refused: 'TOO_COMPLEX introspectionAliases',
    control: operation('{ schema: __schema { types { description fields { description } } } }'),
    attack: operation(`{ __schema { types { ${times(400, (index) => `a${index}: description`)} } } }`),
  },
];
