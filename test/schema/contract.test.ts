import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';

it('has everything that was promised to frontends, with the promised nullability', () => {
  const promised = buildSchema(readFileSync(new URL('contract.graphql', import.meta.url), 'utf8'));

  expect(missing(promised, schema)).toEqual([]);
});

it('would notice a field that is gone, a changed nullability and a missing union member', () => {
  const promised = buildSchema(
    'type Query { a: Int! b(c: ID): U } type T { id: ID! } type S { id: ID! } union U = T | S',
  );
  const built = buildSchema('type Query { a: Int } type T { id: ID! } type S { id: ID! } union U = T');

  expect(missing(promised, built)).toEqual(['Query.a: Int!', 'Query.b: U', 'Query.b(c: ID)', 'U = S']);
});

it('describes every type, field, argument, input field and enum value', () => {
  expect(
    ownTypes(schema)
      .flatMap(elementsOf)
      .filter(({ description }) => !description),
  ).toEqual([]);
});

type Element = { coordinate: string; description: string | null | undefined };

function missing(promised: GraphQLSchema, built: GraphQLSchema): string[] {
  const present = new Set(ownTypes(built).flatMap(factsOf));
  return ownTypes(promised)
    .flatMap(factsOf)
    .filter((fact) => !present.has(fact));
}

function ownTypes(of: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(of.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));
}

function factsOf(type: GraphQLNamedType): string[] {
  const name = type.toString();
  if (isUnionType(type)) return type.getTypes().map((member) => `${name} = ${member.name}`);
  const interfaces = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
  return [
    ...elementsOf(type).map(({ coordinate }) => coordinate),
    ...interfaces.map((implemented) => `${name} implements ${implemented.name}`),
  ];
}

function elementsOf(type: GraphQLNamedType): Element[] {
  const { name, description } = type;
  const element = (coordinate: string, described: { description?: string | null | undefined }): Element => ({
    coordinate,
    description: described.description,
  });
  const own = { coordinate: `${type.constructor.name} ${name}`, description };
  if (isEnumType(type)) return [own, ...type.getValues().map((value) => element(`${name}.${value.name}`, value))];
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    return [own, ...fields.map((field) => element(`${name}.${field.name}: ${String(field.type)}`, field))];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [own];
  return [
    own,
    ...Object.values(type.getFields()).flatMap((field) => [
      element(`${name}.${field.name}: ${String(field.type)}`, field),
      ...field.args.map((argument) =>
        element(`${name}.${field.name}(${argument.name}: ${String(argument.type)})`, argument),
      ),
    ]),
  ];
}
