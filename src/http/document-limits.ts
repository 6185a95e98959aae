import { parse, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Twenty times GraphiQL's introspection. Bounds nesting, and what validation costs (15 ms at the worst). */
const maxTokens = 4_000;
/** Enough to mend a document by; a generated one with thousands of mistakes is not worth the answer. */
const maxValidationErrors = 20;

/** What a document may be, whatever schema it is for. What an operation may cost is the schema's own concern. */
export const documentLimits: Plugin = {
  onParse({ setParseFn }) {
    setParseFn((source, options) => parse(source, { ...options, maxTokens }));
  },
  onValidate({ setValidationFn }) {
    setValidationFn((schema, document, rules) => validate(schema, document, rules, { maxErrors: maxValidationErrors }));
  },
};
