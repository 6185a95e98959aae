import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  Source,
  validate,
} from 'graphql';
import { handleStreamOrSingleExecutionResult, type Plugin } from 'graphql-yoga';
import { boundErrors, boundResult, maxErrors } from './bounded-errors.ts';
import { checkDefinitions, checkTokens } from './documents/size.ts';
import { checkIntrospection } from './documents/introspection.ts';
import { checkResponseNames } from './documents/response-names.ts';
import { variableErrors } from './documents/variables.ts';

export type DocumentLimits = {
  /** Why an operation is not executed with these variables; null where it is. */
  refusalOf(args: ExecutionArgs): ExecutionResult | null;
  plugin: Plugin;
};

/**
 * Limits documents, whatever the schema, and the errors of an answer: the same over every transport, and before
 * validation or execution cost anything. Subscriptions check their variables and bound their errors themselves. The schema
 * itself limits what an operation may cost. Without `introspection`, only `__typename` is left of it.
 */
export function createDocumentLimits({ introspection }: { introspection: boolean }): DocumentLimits {
  // Suggestions would reveal names of the schema.
  const hideSuggestions = !introspection;
  const refusalOf = (args: ExecutionArgs): ExecutionResult | null => {
    const errors = variableErrors(args, { hideSuggestions });
    return errors.length > 0 ? { errors } : null;
  };
  const plugin: Plugin = {
    onParse({ setParseFn }) {
      setParseFn((source, options) => withinStack('GRAPHQL_PARSE_FAILED', () => parseBounded(source, options)));
    },
    onValidate({ addValidationRule, setValidationFn }) {
      if (!introspection) addValidationRule(NoSchemaIntrospectionCustomRule);
      setValidationFn((schema, document, rules) =>
        withinStack('GRAPHQL_VALIDATION_FAILED', () =>
          boundErrors(validate(schema, document, rules, { maxErrors, hideSuggestions })),
        ),
      );
    },
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => refusalOf(args) ?? executeFn(args));
      return { onExecuteDone: (payload) => handleStreamOrSingleExecutionResult(payload, setBounded) };
    },
  };
  return { refusalOf, plugin };
}

function setBounded({
  result,
  setResult,
}: {
  result: ExecutionResult;
  setResult(result: ExecutionResult): void;
}): void {
  if (result.errors) setResult(boundResult(result));
}

function parseBounded(text: string | Source, options: Parameters<typeof parse>[1]): DocumentNode {
  const source = typeof text === 'string' ? new Source(text) : text;
  checkTokens(source);
  const document = parse(source, options);
  checkDefinitions(document);
  checkIntrospection(document);
  checkResponseNames(document);
  return document;
}

/** Validation follows fragments, and so may recurse deeper than brackets may nest. */
function withinStack<Result>(code: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraphQLError('The document is nested too deep.', { extensions: { code, http: { status: 400 } } });
  }
}
