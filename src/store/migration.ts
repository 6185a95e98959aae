import type { Kysely } from 'kysely';

/** A step from one schema to the next. Once released, it is never changed. */
export type Migration = {
  up(database: Kysely<never>): Promise<void>;
  /**
   * false: it runs outside a transaction, for CREATE INDEX CONCURRENTLY and for work in batches. It may then be broken off
   * anywhere and is run again from its beginning, so that it must expect what it has already done.
   */
  transaction?: boolean;
  /**
   * The name of an earlier migration: every release that knows that one also runs on the schema that this one leaves. Without
   * it, only releases that know this migration itself do.
   */
  compatibleWith?: string;
};

/** By name. They are run in the order of their names. */
export type Migrations = Record<string, Migration>;
