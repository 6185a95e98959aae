import { inspect } from 'node:util';
import {
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  type GraphQLSchema,
  isObjectType,
  print,
  responsePathAsArray,
} from 'graphql';
import { createSchema } from 'graphql-yoga';
import { seededRandom } from '../../src/kit/seeded-random.ts';
import { builtInScalars, type ScalarValues } from './generated-values.ts';
import { colours, outcomeOf, type Source, type World } from './troubled-values.ts';

const echo =
  'echo(filter: Filter, choice: Choice, colour: Colour = BLUE, at: Moment, any: Anything, needed: Int! = 1): String';
const growing = 'id: ID! text: String self: Node size: Int! leaves: [Leaf!]';
const plant = (name: string): string => `
  type ${name} implements Growing & Node {
    ${growing} ${echo}
    words: [String!]! ratio: Float flag: Boolean! colour: Colour colours: [Colour]! moment: Moment! anything: Anything
    numbers: [Int] matrix: [[Int!]]! next: Branch nextForSure: Branch! branches: [Branch!]! maybeBranches: [Branch]
    plant: Plant plants: [Plant!]! growing: Growing arriving: [Int!] arrivingBranches: [Branch]
  }`;

/** All that a schema can have. Fields of one name have one type, so that most selections can be merged. */
const typeDefs = `
  scalar Moment
  scalar Anything
  enum Colour { RED GREEN BLUE }
  input Choice @oneOf { number: Int text: String moment: Moment }
  input Filter { colour: Colour = GREEN limit: Int! = 3 names: [String!] moments: [[Moment]] choice: Choice nested: Filter }
  interface Node { id: ID! text: String self: Node }
  interface Growing implements Node { ${growing} }
  union Plant = Tree | Bush | Fern | Leaf
  ${['Tree', 'Bush', 'Fern'].map(plant).join('')}
  type Branch {
    id: ID! text: String words: [String!]! numbers: [Int] moment: Moment! ${echo}
    next: Branch nextForSure: Branch! leaves: [Leaf!] plant: Plant node: Node nodes: [Node!]
  }
  type Leaf { id: ID! colour: Colour ratio: Float branch: Branch! }
  type Query {
    tree: Tree treeForSure: Tree! trees: [Tree!]! bushes: [[Bush]!] plant: Plant plants: [Plant!]! node: Node
    nodes: [Node]! growing: Growing! branch: Branch leaves: [Leaf!] text: String ${echo}
  }
`;

/** What clients send for its scalars. */
export const troubledScalars: ScalarValues = {
  ...builtInScalars,
  Moment: (random) => random.pick(['2026-07-01T12:00:00Z', '1999-12-31T23:59:59.999Z']),
  Anything: (random) => random.pick<unknown>([{ a: [1, 'two'] }, [], 'text', 3, true]),
};

/** A schema whose fields meet what their world has for them. */
export function createTroubledSchema(): GraphQLSchema {
  const schema = createSchema<World>({
    typeDefs,
    resolvers: {
      Colour: colours,
      Moment: new GraphQLScalarType<Date, string>({
        name: 'Moment',
        coerceOutputValue: (value) => (value instanceof Date ? value : new Date(Number.NaN)).toISOString(),
        coerceInputValue: (value) => new Date(String(value)),
      }),
      Tree: { __isTypeOf: ({ typeName }: Source) => typeName === 'Tree' },
      Fern: { __isTypeOf: async ({ typeName }: Source) => typeName === 'Fern' },
      Leaf: { __isTypeOf: ({ typeName }: Source) => typeName === 'Leaf' },
      Node: { __resolveType: resolveType },
    },
  });
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name === 'echo') field.resolve = echoed;
      // The others are properties and methods, for the default resolver.
      else if (type.name === 'Query' || field.name.length % 2 === 0) field.resolve = resolve;
    }
  }
  return schema;
}

/** Known by its place in the answer, or by the object and what is told of the field. */
const resolve: GraphQLFieldResolver<Source | undefined, World> = (source, _input, world, info) => {
  const byObject = source && info.fieldName.length % 4 === 0;
  const key = byObject ? `${source.key}/${info.parentType.name}.${info.fieldName}` : placeOf(info);
  return outcomeOf(info.returnType, key, world);
};

const echoed: GraphQLFieldResolver<Source | undefined, World> = (_source, input, world, info) => {
  world.calls.push(placeOf(info), inspect(info.variableValues.coerced), info.fieldNodes.map(print).join());
  return JSON.stringify(input);
};

function placeOf({ path }: Pick<GraphQLResolveInfo, 'path'>): string {
  return responsePathAsArray(path).join('.');
}

/** Mostly right; sometimes later. */
function resolveType(source: Source, { seed, troubleShare }: World): string | undefined | Promise<string> {
  const random = seededRandom(seed, source.key, 'type');
  const names: (string | undefined)[] = ['Leaf', 'Fern', 'Node', 'Nothing', undefined];
  const typeName = random.fraction() < troubleShare ? names[random.integer(0, 4)] : source.typeName;
  return random.fraction() < 0.3 && typeName ? Promise.resolve(typeName) : typeName;
}
