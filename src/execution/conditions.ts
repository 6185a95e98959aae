import { type DocumentNode, Kind, visit } from 'graphql';

/** A document has as many plans as these have combinations. */
const maxConditions = 4;

/**
 * The variables in a document's @skip and @include, where it is one to compile. Introspection, directives that change how
 * an operation is executed, and fragments with arguments are not.
 */
export function findConditions(document: DocumentNode): string[] | null {
  const conditions = new Set<string>();
  let isPlain = true;
  const leave = (): void => void (isPlain = false);
  visit(document, {
    Field({ name: { value } }) {
      if (value === '__schema' || value === '__type') leave();
    },
    FragmentDefinition({ variableDefinitions = [] }) {
      if (variableDefinitions.length > 0) leave();
    },
    FragmentSpread({ arguments: given = [] }) {
      if (given.length > 0) leave();
    },
    Directive({ name, arguments: [condition] = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') leave();
      else if (condition?.value.kind === Kind.VARIABLE) conditions.add(condition.value.name.value);
    },
  });
  return isPlain && conditions.size <= maxConditions ? [...conditions] : null;
}
