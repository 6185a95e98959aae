import SchemaBuilder, { type SchemaTypes } from '@pothos/core';
import { type ComplexityErrorFn, PothosComplexityPlugin } from '@pothos/plugin-complexity';
import { GraphQLError, type GraphQLFieldResolver } from 'graphql';

/**
 * What one operation may ask for. Breadth is its fields, fragments written out; complexity counts each field as often as
 * it may occur in the answer. A page of 100 tasks with every field there is comes to half of it (test/schema/everything.ts).
 */
export const queryLimits = { depth: 12, breadth: 500, complexity: 50_000 };

/** What a field counts that costs a query or a call to the vendor of its own, which no loader batches: 49 an operation. */
export const unbatchedCost = 1_000;

/** Items that a list without a documented size is taken to hold: transitions, files, references. */
export const usualListSize = 4;

const limitNames = { Depth: 'depth', Breadth: 'breadth', Complexity: 'complexity' } as const;
const remedies = {
  depth: 'Nest fewer fields.',
  breadth: 'Select fewer fields, or split the operation.',
  complexity: 'Ask for fewer items per page, or for fewer fields of each.',
};

export const tooComplex: ComplexityErrorFn = (kind, measured) => {
  const limit = limitNames[kind];
  return new GraphQLError(
    `The operation's ${limit} is ${measured[limit]}, more than the ${queryLimits[limit]} allowed. ${remedies[limit]}`,
    { extensions: { code: 'TOO_COMPLEX', limit, actual: measured[limit], allowed: queryLimits[limit] } },
  );
};

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- Pothos is extended by declaration merging
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      queryLimits: QueryLimitsPlugin<Types>;
    }
  }
}

/**
 * The complexity plugin, which measures before a root field resolves, with the variables of that very request (a
 * validation rule would be skipped where the document was validated before). A subscription is measured before it starts,
 * too: otherwise a refused one would still be opened, and send its refusal again with each event.
 */
class QueryLimitsPlugin<Types extends SchemaTypes> extends PothosComplexityPlugin<Types> {
  override wrapSubscribe(subscribe: GraphQLFieldResolver<unknown, Types['Context'], object> | undefined) {
    if (!subscribe) return subscribe;
    const measured: typeof subscribe = (root, args, context, info) => {
      this.checkComplexity(context, info);
      return subscribe(root, args, context, info);
    };
    return measured;
  }
}

export const queryLimitsPlugin = 'queryLimits';
SchemaBuilder.registerPlugin(queryLimitsPlugin, QueryLimitsPlugin);
