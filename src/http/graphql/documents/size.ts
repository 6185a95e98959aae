import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  Lexer,
  type SelectionNode,
  type SelectionSetNode,
  type Source,
  TokenKind,
} from 'graphql';
import { checkBound } from './bounds.ts';

const opening: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Checks a document's tokens before the parser reads it, which recurses as deep as the document nests, and keeps a node
 * for every token. Throws TOO_COMPLEX at the first token too many, and for a broken one the parser's error.
 */
export function checkTokens(source: Source): void {
  checkBound('length', source.body.length);
  const lexer = new Lexer(source);
  let [tokens, nesting, directives] = [0, 0, 0];
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    checkBound('tokens', (tokens += 1));
    if (opening.has(token.kind)) checkBound('nesting', (nesting += 1));
    else if (closing.has(token.kind)) nesting -= 1;
    else if (token.kind === TokenKind.AT) checkBound('directives', (directives += 1));
    else if (token.kind === TokenKind.NAME) checkBound('nameLength', token.end - token.start);
  }
}

export function checkDefinitions(document: DocumentNode): void {
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  checkBound('operations', operations.length);
  checkBound('fragments', document.definitions.length - operations.length);
  const fragments = fragmentsOf(document);
  const countRootFields = createFieldCount(fragments, () => 1);
  const countFields = createFieldCount(fragments, (below) => 1 + below());
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    checkBound('variables', definition.variableDefinitions?.length ?? 0);
    checkBound('rootFields', countRootFields(definition.selectionSet));
    checkBound('breadth', countFields(definition.selectionSet));
  }
}

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/**
 * Counts fields as if fragments were written out. Each fragment is counted once, however often it is spread: nested
 * spreads reach numbers with thirty digits.
 */
function createFieldCount(fragments: Fragments, countField: (below: () => number) => number) {
  const counted = new Map<string, number>();
  const count = (selectionSet: SelectionSetNode | undefined): number =>
    (selectionSet?.selections ?? []).reduce((sum, selection) => sum + countSelection(selection), 0);
  function countSelection(selection: SelectionNode): number {
    if (selection.kind === Kind.FIELD) return countField(() => count(selection.selectionSet));
    return selection.kind === Kind.INLINE_FRAGMENT ? count(selection.selectionSet) : countSpread(selection.name.value);
  }
  function countSpread(name: string): number {
    // 0 while it is being counted, which ends circles: validation refuses them.
    if (!counted.has(name)) {
      counted.set(name, 0);
      counted.set(name, count(fragments.get(name)?.selectionSet));
    }
    return counted.get(name) ?? 0;
  }
  return count;
}
