import {
  defaultFieldResolver,
  getArgumentValues,
  type GraphQLField,
  type GraphQLObjectType,
  isNonNullType,
  Kind,
  visit,
} from 'graphql';
import { createComplete } from './complete.ts';
import { dependenceOf, rankOf } from './dependence.ts';
import { FieldInfo } from './field-info.ts';
import { ObjectPlan } from './object-plan.ts';
import type { TextOrPromise } from './parts.ts';
import type { Path, Run } from './run.ts';
import type { FieldNodes, Selecting } from './selection.ts';
import { createSettle } from './settle.ts';

type Arguments = ReturnType<typeof getArgumentValues>;

export type FieldPlanOptions = {
  selecting: Selecting;
  parentType: GraphQLObjectType;
  responseName: string;
  definition: GraphQLField<unknown, unknown>;
  nodes: FieldNodes;
  before: string;
};

/** How to resolve one field of objects of one type, and to write what comes of it. */
export class FieldPlan {
  readonly parentType: GraphQLObjectType;
  readonly responseName: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: FieldNodes;
  /** What stands between the field before and this one's value. */
  readonly before: string;
  readonly #selecting: Selecting;
  readonly #dependence: number;
  readonly #resolve: NonNullable<GraphQLField<unknown, unknown>['resolve']>;
  readonly #argumentsFor: (run: Run) => Arguments;
  readonly #outcome: ReturnType<typeof createSettle>;

  constructor({ selecting, parentType, responseName, definition, nodes, before }: FieldPlanOptions) {
    this.parentType = parentType;
    this.responseName = responseName;
    this.definition = definition;
    this.nodes = nodes;
    this.before = before;
    this.#selecting = selecting;
    this.#dependence = rankOf(dependenceOf(definition));
    this.#resolve = definition.resolve ?? defaultFieldResolver;
    this.#argumentsFor = createArguments(definition, nodes);
    const isNullable = !isNonNullType(definition.type);
    this.#outcome = createSettle(createComplete(definition.type, this), isNullable, this);
  }

  get coordinate(): string {
    return `${this.parentType.name}.${this.definition.name}`;
  }

  /** What is selected below it of objects of a type. */
  planSelection(type: GraphQLObjectType): ObjectPlan {
    const selectionSets = this.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return new ObjectPlan(this.#selecting, type, selectionSets);
  }

  write(source: unknown, run: Run, parentPath: Path | undefined): TextOrPromise {
    run.dependOn(this.#dependence);
    const info = new FieldInfo(this, run, parentPath);
    const resolve = this.#resolve;
    let value: unknown;
    try {
      value = resolve(source, this.#argumentsFor(run), run.contextValue, info);
    } catch (error) {
      return this.#outcome.fail(error, info, null);
    }
    return this.#outcome.settle(value, info, null);
  }
}

const noArguments: Arguments = Object.freeze({ __proto__: null });

/** Arguments without variables are read once. Each call has an object of its own: a resolver may keep it, or change it. */
function createArguments(definition: GraphQLField<unknown, unknown>, [node]: FieldNodes): (run: Run) => Arguments {
  if (definition.args.length === 0) return () => noArguments;
  const read = ({ options }: Run) =>
    getArgumentValues(definition, node, options.variableValues, undefined, options.hideSuggestions);
  let hasVariables = false;
  visit(node, {
    SelectionSet: () => false,
    Directive: () => false,
    [Kind.VARIABLE]: () => void (hasVariables = true),
  });
  if (hasVariables) return read;
  let constant: Arguments | null = null;
  return (run) => ({ __proto__: null, ...(constant ??= read(run)) });
}
