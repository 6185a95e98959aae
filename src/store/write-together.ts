import { sql, type RawBuilder } from 'kysely';
import { DatabaseError } from 'pg';
import { TemporarilyUnavailableError } from '../domain/errors.ts';
import { createGroups, TooLongError, type Groups } from '../kit/groups.ts';
import { outageOf } from './database-outage.ts';
import type { Database } from './database.ts';
import { forAllOwners } from './fair-pool.ts';

/** What a group takes is what the next one waits for. */
export const maxGroupSize = 32;
export const maxWaitMs = 5_000;
/** How long a group waits for a row or a key that a statement elsewhere is writing. */
export const groupLockTimeout = '250ms';

/** Whether the others of a group may fare better without it: a mistake in its data, or a lock that is taken elsewhere. */
export function isOfOne(error: unknown, lockTimeout: string | null): boolean {
  const isLocked = error instanceof DatabaseError && error.code === '55P03';
  return outageOf(error) === null || (isLocked && lockTimeout !== null);
}

/** A query to join, so that no row comes before the limit is set. null: as long as the session waits. */
export function patience(lockTimeout: string | null): RawBuilder<string> {
  return sql<string>`set_config('lock_timeout', coalesce(${lockTimeout}, current_setting('lock_timeout')), true)`;
}

/** Throws a TemporarilyUnavailableError in place of a TooLongError. */
export async function refuseLate<Answer>(writing: Promise<Answer>): Promise<Answer> {
  return await writing.catch((cause: unknown) => {
    if (!(cause instanceof TooLongError)) throw cause;
    throw new TemporarilyUnavailableError('Too much is being recorded. Nothing was recorded; try again.', { cause });
  });
}

/** One statement for all items, and what came of each. */
export type Write<Item, Answer> = (
  database: Database,
  items: readonly Item[],
  lockTimeout: string | null,
) => Promise<(item: Item) => Answer>;

/** All wait in one line. */
const place = { group: '', key: '' };

/**
 * Writes that arrive while another one is under way are written together. Of several with one key the first is; the others,
 * and all of a group that is refused for one of them, are written one by one: each has its own answer or error.
 */
export function createWriter<Item, Answer>(
  keyOf: (item: Item) => string,
  write: Write<Item, Answer>,
): (database: Database, item: Item) => Promise<Answer> {
  const groupsByDatabase = new WeakMap<Database, Groups<Item, Answer>>();

  function createGroupsOn(database: Database): Groups<Item, Answer> {
    const alone = async (item: Item): Promise<Answer> =>
      (await forAllOwners(() => write(database, [item], null)))(item);
    const groups = createGroups<Item, Answer>({ maxSize: maxGroupSize, maxWaitMs }, async (_line, items) => {
      const firstOfKeys = new Map(items.toReversed().map((item) => [keyOf(item), item]));
      const firsts = [...firstOfKeys.values()];
      const lockTimeout = items.length === 1 ? null : groupLockTimeout;
      try {
        const answerTo = await forAllOwners(() => write(database, firsts, lockTimeout));
        return (item) => (firstOfKeys.get(keyOf(item)) === item ? answerTo(item) : alone(item));
      } catch (error) {
        if (items.length === 1 || !isOfOne(error, lockTimeout)) throw error;
        return alone;
      }
    });
    groupsByDatabase.set(database, groups);
    return groups;
  }

  return (database, item) => {
    const groups = groupsByDatabase.get(database) ?? createGroupsOn(database);
    return refuseLate(groups.enter('', item, place));
  };
}
