import { GraphQLError } from 'graphql';

type Bound = { allowed: number; what: string; remedy: string };

/**
 * Several times what tools and frontends send, except for introspection, whose answers grow with the schema (GraphiQL's
 * has 165 tokens and 220 fields). The worst document that fits takes 70 ms to parse and validate.
 */
const bounds = {
  length: { allowed: 50_000, what: "document's length", remedy: 'Send long texts as variables.' },
  tokens: { allowed: 4_000, what: "document's number of tokens", remedy: 'Split it.' },
  nesting: { allowed: 100, what: "document's nesting of brackets", remedy: 'Nest less.' },
  nameLength: { allowed: 128, what: "length of one of the document's names", remedy: 'Choose a shorter one.' },
  directives: { allowed: 100, what: "document's number of directives", remedy: 'Use fewer.' },
  operations: { allowed: 50, what: "document's number of operations", remedy: 'Send only the one that is meant.' },
  fragments: { allowed: 100, what: "document's number of fragments", remedy: 'Send only those that are spread.' },
  variables: { allowed: 100, what: "operation's number of variables", remedy: 'Use an input object.' },
  values: { allowed: 10_000, what: "variables' number of values", remedy: 'Send fewer.' },
  rootFields: { allowed: 100, what: "operation's number of root fields", remedy: 'Split the operation.' },
  // As many as the schema's complexity limit allows, which leaves out introspection.
  breadth: { allowed: 500, what: "operation's breadth", remedy: 'Select fewer fields, or split the operation.' },
  schemas: { allowed: 1, what: "operation's number of __schema fields", remedy: 'Ask for the schema once.' },
  types: { allowed: 10, what: "operation's number of __type fields", remedy: 'Ask for types in several operations.' },
  introspectionDepth: {
    allowed: 1,
    what: "introspection's depth in lists of fields and types",
    remedy: 'Ask for those of another type separately.',
  },
  introspectionAliases: {
    allowed: 0,
    what: "introspection's number of aliases",
    remedy: 'Select its fields under their own names.',
  },
} satisfies Record<string, Bound>;

export type DocumentBound = keyof typeof bounds;

export function excessOf(limit: DocumentBound, actual: number): GraphQLError | null {
  const { allowed, what, remedy } = bounds[limit];
  if (actual <= allowed) return null;
  return new GraphQLError(`The ${what} is ${actual}, more than the ${allowed} allowed. ${remedy}`, {
    extensions: { code: 'TOO_COMPLEX', limit, actual, allowed, http: { status: 400, spec: true } },
  });
}

export function checkBound(limit: DocumentBound, actual: number): void {
  const excess = excessOf(limit, actual);
  if (excess) throw excess;
}
