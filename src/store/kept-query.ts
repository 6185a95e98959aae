import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';

/** Puts in a value that is known only when the statement is sent. */
export type ValueOf<Values> = <Name extends keyof Values & string>(name: Name) => RawBuilder<Values[Name]>;

export type KeptQuery<Values, Row> = (database: Database, values: Values) => Promise<Row[]>;

class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A query that is built once: building and compiling a large one takes as long as reading its rows. */
export function keepQuery<Values extends Record<string, unknown>, Row>(
  build: (database: Database, valueOf: ValueOf<Values>) => { compile(): CompiledQuery<Row> },
): KeptQuery<Values, Row> {
  let kept: CompiledQuery<Row> | null = null;
  return async (database, values) => {
    kept ??= build(database, (name) => sql`${new Slot(name)}`).compile();
    const parameters = kept.parameters.map((value) => (value instanceof Slot ? values[value.name] : value));
    const { rows } = await database.executeQuery<Row>({ ...kept, parameters });
    return rows;
  };
}
