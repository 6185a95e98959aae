import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';

/** All that ask for one field of an answer, at its place. The first one has the arguments. */
export type FieldNodes = [FieldNode, ...FieldNode[]];

/** What decides which fields an operation selects: the same for all executions that share a plan. */
export type Selecting = {
  schema: GraphQLSchema;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** The values of the variables in @skip and @include. */
  conditions: ReadonlyMap<string, boolean>;
  /** Counts the fields of all plans. */
  size: { fields: number };
};

/** The fields of one object, by response name and in their order, with all nodes that ask for each. */
export function collectFields(
  selecting: Selecting,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): Map<string, FieldNodes> {
  const { schema, fragments } = selecting;
  const fields = new Map<string, FieldNodes>();
  const spread = new Set<string>();

  function collect(selection: SelectionNode): void {
    if (!isIncluded(selecting, selection)) return;
    if (selection.kind === Kind.FIELD) {
      const name = (selection.alias ?? selection.name).value;
      const nodes = fields.get(name);
      if (nodes) nodes.push(selection);
      else fields.set(name, [selection]);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      if (matches(schema, selection, type)) selection.selectionSet.selections.forEach(collect);
    } else {
      const name = selection.name.value;
      const fragment = fragments[name];
      if (!fragment || spread.has(name) || !matches(schema, fragment, type)) return;
      spread.add(name);
      fragment.selectionSet.selections.forEach(collect);
    }
  }

  for (const { selections } of selectionSets) selections.forEach(collect);
  return fields;
}

function isIncluded({ conditions }: Selecting, { directives = [] }: SelectionNode): boolean {
  return directives.every(({ name, arguments: [condition] = [] }) => {
    const value = condition?.value;
    const isTrue =
      value?.kind === Kind.VARIABLE ? conditions.get(value.name.value) : value?.kind === Kind.BOOLEAN && value.value;
    return isTrue === (name.value === 'include');
  });
}

function matches(
  schema: GraphQLSchema,
  { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
  type: GraphQLObjectType,
): boolean {
  if (!typeCondition) return true;
  const wanted = typeFromAST(schema, typeCondition);
  return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type));
}
