import type { GraphQLResolveInfo } from 'graphql';
import type { FieldPlan } from './field-plan.ts';
import { hear } from './hear.ts';
import type { Path, Run } from './run.ts';

/** A resolver's `info`. One is made for each call and few resolvers read it, so its properties are computed when read. */
export class FieldInfo implements GraphQLResolveInfo {
  readonly field: FieldPlan;
  readonly run: Run;
  readonly #parentPath: Path | undefined;
  #path: Path | undefined;

  constructor(field: FieldPlan, run: Run, parentPath: Path | undefined) {
    this.field = field;
    this.run = run;
    this.#parentPath = parentPath;
  }

  /** One object for each field of the answer: errors are told apart by it. */
  get path(): Path {
    this.#path ??= { prev: this.#parentPath, key: this.field.responseName, typename: this.field.parentType.name };
    return this.#path;
  }
  get fieldName() {
    return this.field.definition.name;
  }
  get fieldNodes() {
    return this.field.nodes;
  }
  get returnType() {
    return this.field.definition.type;
  }
  get parentType() {
    return this.field.parentType;
  }
  get schema() {
    return this.run.options.schema;
  }
  get fragments() {
    return this.run.options.fragments;
  }
  get rootValue(): unknown {
    return this.run.options.rootValue;
  }
  get operation() {
    return this.run.options.operation;
  }
  get variableValues() {
    return this.run.options.variableValues;
  }
  get getAbortSignal() {
    return getAbortSignal;
  }
  get getAsyncHelpers() {
    return getAsyncHelpers;
  }
}

type AsyncHelpers = ReturnType<GraphQLResolveInfo['getAsyncHelpers']>;

const asyncHelpers: AsyncHelpers = { promiseAll: (values) => Promise.all(values), track: hear };
const getAsyncHelpers = (): AsyncHelpers => asyncHelpers;
const getAbortSignal = (): undefined => undefined;
