import type { GraphQLObjectType, SelectionSetNode } from 'graphql';
import { FieldPlan } from './field-plan.ts';
import { Parts } from './parts.ts';
import type { Path, Run } from './run.ts';
import { collectFields, type Selecting } from './selection.ts';

/** How to write objects of one type, with the fields that an operation selects of them. */
export class ObjectPlan {
  readonly #fields: FieldPlan[] = [];
  readonly #closing: string;

  constructor(selecting: Selecting, type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]) {
    let before = '{';
    let separator = '';
    for (const [responseName, nodes] of collectFields(selecting, type, selectionSets)) {
      const definition = selecting.schema.getField(type, nodes[0].name.value);
      if (!definition) continue;
      before += `${separator}${JSON.stringify(responseName)}:`;
      separator = ',';
      if (definition.name === '__typename') {
        before += JSON.stringify(type.name);
        continue;
      }
      this.#fields.push(new FieldPlan({ selecting, parentType: type, responseName, definition, nodes, before }));
      before = '';
    }
    selecting.size.fields += this.#fields.length;
    this.#closing = `${before}}`;
  }

  write(source: unknown, run: Run, path: Path | undefined): string | Promise<string> {
    const parts = new Parts();
    try {
      for (const field of this.#fields) parts.add(field.before, field.write(source, run, path));
    } catch (error) {
      parts.abandon();
      throw error;
    }
    const text = parts.end(this.#closing);
    // A turn later, as graphql's own: errors are reported in the order in which they are met.
    return typeof text === 'string' ? text : text.then((joined) => joined);
  }
}
