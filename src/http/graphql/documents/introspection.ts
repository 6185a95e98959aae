import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import { checkBound } from './bounds.ts';
import { type Fragments, fragmentsOf } from './size.ts';

/** Below each of these, tools select names, kinds and arguments, never such a list again. */
const lists = new Set(['fields', 'inputFields', 'interfaces', 'possibleTypes']);

/**
 * Throws TOO_COMPLEX for introspection that no tool sends. The complexity limit leaves introspection out, and
 * `types { a: description b: description … }` makes megabytes of a few bytes. Without aliases, an answer is at most as
 * large as the schema.
 */
export function checkIntrospection(document: DocumentNode): void {
  const fragments = fragmentsOf(document);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) checkOperation(definition.selectionSet, fragments);
  }
}

type Visit = (field: FieldNode) => void;

function checkOperation(selectionSet: SelectionSetNode, fragments: Fragments): void {
  const found = { __schema: 0, __type: 0, aliases: 0 };
  const forEachField = createWalk(fragments);
  forEachField(selectionSet, 'root', (field) => {
    const name = field.name.value;
    if (name !== '__schema' && name !== '__type') return;
    found[name] += 1;
    forEachField(field.selectionSet, 0, at(0));
  });
  checkBound('schemas', found.__schema);
  checkBound('types', found.__type);
  checkBound('introspectionAliases', found.aliases);

  function at(depth: number): Visit {
    return ({ name, alias, selectionSet: below }) => {
      if (alias && alias.value !== name.value) found.aliases += 1;
      const depthBelow = lists.has(name.value) ? depth + 1 : depth;
      checkBound('introspectionDepth', depthBelow);
      forEachField(below, depthBelow, at(depthBelow));
    };
  }
}

/** Follows each fragment once for each place, which is enough and ends circles. */
function createWalk(fragments: Fragments) {
  const seen = new Set<string>();
  return function forEachField(selectionSet: SelectionSetNode | undefined, place: unknown, visit: Visit): void {
    for (const selection of selectionSet?.selections ?? []) {
      if (selection.kind === Kind.FIELD) visit(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) forEachField(selection.selectionSet, place, visit);
      else {
        const spread = `${String(place)} ${selection.name.value}`;
        if (seen.has(spread)) continue;
        seen.add(spread);
        forEachField(fragments.get(selection.name.value)?.selectionSet, place, visit);
      }
    }
  };
}
