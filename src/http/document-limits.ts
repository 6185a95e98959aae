import { GraphQLError, parse, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Twenty times GraphiQL's introspection. Bounds what parsing and validation cost (15 ms at the worst). */
const maxTokens = 4_000;
/** Enough to mend a document by; a generated one with thousands of mistakes is not worth the answer. */
const maxValidationErrors = 20;

/** What a document may be, whatever schema it is for. What an operation may cost is the schema's own concern. */
export const documentLimits: Plugin = {
  onParse({ setParseFn }) {
    setParseFn((source, options) =>
      withinStack('GRAPHQL_PARSE_FAILED', () => parse(source, { ...options, maxTokens })),
    );
  },
  onValidate({ setValidationFn }) {
    const options = { maxErrors: maxValidationErrors };
    setValidationFn((schema, document, rules) =>
      withinStack('GRAPHQL_VALIDATION_FAILED', () => validate(schema, document, rules, options)),
    );
  },
};

/** Both recurse into a document, and a few thousand tokens can nest deeper than the stack takes it. */
function withinStack<Result>(code: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraphQLError('The document is nested too deep.', { extensions: { code, http: { status: 400 } } });
  }
}
