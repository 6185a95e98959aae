import { type DocumentNode, GraphQLError, visit } from 'graphql';

/**
 * Throws GRAPHQL_VALIDATION_FAILED for a field named `then` in the response: JavaScript takes an object with such a field
 * for a promise, so that the response would fail after everything was executed.
 */
export function checkResponseNames(document: DocumentNode): void {
  visit(document, {
    Field({ alias, name }) {
      if ((alias ?? name).value === 'then') throw reservedName();
    },
  });
}

function reservedName(): GraphQLError {
  return new GraphQLError('No field can be answered under the name "then". Choose another alias.', {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400, spec: true } },
  });
}
