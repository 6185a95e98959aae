import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { findConditions } from './conditions.ts';
import { ObjectPlan } from './object-plan.ts';
import type { Selecting } from './selection.ts';

/** Of all plans together: some 35 MB. Beyond that all are forgotten, and those still in use made again. */
const maxFields = 30_000;

type Fragments = Record<string, FragmentDefinitionNode>;
type Compiled = { fragments: Fragments; conditions: readonly string[] | null; plans: Map<string, ObjectPlan> };

export type FoundPlan = { plan: ObjectPlan; fragments: Fragments };

/** Finds an operation's plan, or makes it; null where it is not one to compile. A document's plans live as long as it does. */
export function createPlans(schema: GraphQLSchema) {
  let documents = new WeakMap<DocumentNode, Compiled>();
  const size = { fields: 0 };

  function compiledOf(document: DocumentNode): Compiled {
    if (size.fields > maxFields) {
      documents = new WeakMap();
      size.fields = 0;
    }
    const known = documents.get(document);
    if (known) return known;
    const [fragments, conditions] = [fragmentsOf(document), findConditions(document)];
    const compiled: Compiled = { fragments, conditions, plans: new Map() };
    documents.set(document, compiled);
    return compiled;
  }

  return (
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ): FoundPlan | null => {
    const rootType = schema.getRootType(operation.operation);
    if (!rootType) return null;
    const { fragments, conditions: names, plans } = compiledOf(document);
    const conditions = names && conditionsOf(operation, names, variables);
    if (!conditions) return null;
    const key = [operation.name?.value, ...conditions.values()].join(' ');
    const known = plans.get(key);
    if (known) return { plan: known, fragments };
    const selecting: Selecting = { schema, fragments, conditions, size };
    const plan = new ObjectPlan(selecting, rootType, [operation.selectionSet]);
    plans.set(key, plan);
    return { plan, fragments };
  };
}

/** Null where one isn't true or false: the standard executor reports that. */
function conditionsOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  names: readonly string[],
  variables: Readonly<Record<string, unknown>>,
): Map<string, boolean> | null {
  const conditions = new Map<string, boolean>();
  if (names.length === 0) return conditions;
  const defined = new Set(variableDefinitions.map(({ variable }) => variable.name.value));
  for (const name of names) {
    if (!defined.has(name)) continue;
    const value = variables[name];
    if (typeof value !== 'boolean') return null;
    conditions.set(name, value);
  }
  return conditions;
}

function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
}
