import {
  type ASTNode,
  type GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  locatedError,
  responsePathAsArray,
} from 'graphql';
import { type Dependence, dependences } from './dependence.ts';

export type Path = GraphQLResolveInfo['path'];

export type RunOptions = Pick<GraphQLResolveInfo, 'fragments' | 'operation' | 'rootValue' | 'variableValues'> & {
  schema: GraphQLSchema;
  contextValue: unknown;
  hideSuggestions: boolean;
};

/** One execution of one operation: what its fields share, and the errors they met. */
export class Run {
  readonly options: RunOptions;
  readonly contextValue: unknown;
  readonly errors: GraphQLError[] = [];
  /** It was answered: what is still under way goes no further. */
  finished = false;
  #dependence = 0;
  /** Where the answer has a null in place of what failed; `undefined` is the root. */
  readonly #nulled = new Set<Path | undefined>();

  constructor(options: RunOptions) {
    this.options = options;
    this.contextValue = options.contextValue;
  }

  dependOn(rank: number): void {
    if (rank > this.#dependence) this.#dependence = rank;
  }

  /** What the fields that were executed so far depend on, the most of it. */
  get dependence(): Dependence {
    return dependences[this.#dependence] ?? 'request';
  }

  /** Makes a field or item that failed null, or throws on to what is around it where that can't be. */
  fail(thrown: unknown, isNullable: boolean, nodes: readonly ASTNode[], path: Path): null {
    const error = locatedError(thrown, nodes, responsePathAsArray(path));
    if (!isNullable) throw error;
    this.note(error, path);
    return null;
  }

  /** Below a null, further errors are not reported. */
  note(error: GraphQLError, path: Path | undefined): void {
    for (let place = path; place !== undefined; place = place.prev) if (this.#nulled.has(place)) return;
    if (this.#nulled.has(undefined)) return;
    this.#nulled.add(path);
    this.errors.push(error);
  }
}
