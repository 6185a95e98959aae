import SchemaBuilder, { type SchemaTypes } from '@pothos/core';
import { type ComplexityErrorFn, PothosComplexityPlugin } from '@pothos/plugin-complexity';
import { GraphQLError, type GraphQLFieldResolver } from 'graphql';

/**
 * Breadth counts an operation's fields, with fragments written out; complexity counts each as often as it may occur in the
 * answer. A page of 100 tasks with all fields makes half of it (test/schema/everything.ts).
 */
export const queryLimits = { depth: 12, breadth: 500, complexity: 50_000 };

/** The cost of a field with a query or vendor call of its own, which no loader batches: 49 fit in an operation. */
export const unbatchedCost = 1_000;

/** Assumed length of a list without a documented size: transitions, files, references. */
export const assumedListSize = 4;

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
 * The complexity plugin, which measures before a root field resolves, with the request's variables (a validation rule
 * would be skipped for a cached document). A subscription is measured before it starts: otherwise a refused one would be
 * opened, and repeat its refusal with each event.
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
