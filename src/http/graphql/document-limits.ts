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

/**
 * What a document may be, whatever schema it is for, and how much an answer says of its mistakes: the same over every
 * transport, and decided before validation or execution cost anything. What an operation may cost is the schema's own
 * concern. Without `introspection`, `__typename` is all that is left of it.
 */
export function createDocumentLimits({ introspection }: { introspection: boolean }): Plugin {
  // Suggestions would tell of the schema what may not be asked for.
  const hideSuggestions = !introspection;
  const refusalOf = (args: ExecutionArgs): ExecutionResult | null => {
    const errors = variableErrors(args, { hideSuggestions });
    return errors.length > 0 ? { errors } : null;
  };
  return {
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
      return { onExecuteDone: (payload) => handleStreamOrSingleExecutionResult(payload, boundResult) };
    },
    onSubscribe({ subscribeFn, setSubscribeFn }) {
      setSubscribeFn((args) => refusalOf(args) ?? subscribeFn(args));
      return { onSubscribeResult: (payload) => handleStreamOrSingleExecutionResult(payload, boundResult) };
    },
  };
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

/** Validation goes through fragments, and so may go deeper than one bracket in another is allowed to. */
function withinStack<Result>(code: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraphQLError('The document is nested too deep.', { extensions: { code, http: { status: 400 } } });
  }
}
