import { sql } from 'kysely';
import { fullQuota, isUnlimited, type FullQuota, type Quota, type QuotaUse } from '../domain/task/quota.ts';
import type { NewTask, Task } from '../domain/task/task.ts';
import { createGroups, type Groups } from '../kit/groups.ts';
import type { Database } from './database.ts';
import { forAllOwners } from './fair-pool.ts';
import { insertTasks, lockOwner, maxPauseMs } from './insert-task.ts';
import { countUseWithin } from './quota-use.ts';
import { groupLockTimeout, isOfOne, maxGroupSize, maxWaitMs, patience, refuseLate } from './write-together.ts';

/** The task as it was recorded, or why it was not: it, or another one that stands for the same, was there already. */
export type Written = { recorded: Task } | 'present' | FullQuota;

/** A group was refused for what one of it may have done: nothing was recorded, and each is to be tried alone. */
export class GroupRefusedError extends Error {
  override name = 'GroupRefusedError';
  constructor(cause: unknown) {
    super('Creates that were written together were refused. Each is to be tried alone.', { cause });
  }
}

type Create = { task: NewTask; quota: Quota };
type CreateGroups = Groups<Create, Written>;

const unlimited = 'unlimited';
const limited = 'limited';
const lineOf = (owner: string): string => `owner ${owner}`;

const groupsByDatabase = new WeakMap<Database, CreateGroups>();

/**
 * Inserts if there is room, in one transaction with what else arrives while another one is under way. Owners without a
 * limit need no lock; those with one go together as long as their locks are free, and one that must wait for its lock does
 * so in a line of its own. Throws a GroupRefusedError, or what a statement throws where it concerns all, and a
 * TemporarilyUnavailableError where its turn does not come in time.
 */
export async function insertTogether(database: Database, task: NewTask, quota: Quota): Promise<Written> {
  const groups = groupsByDatabase.get(database) ?? createGroupsOn(database);
  groupsByDatabase.set(database, groups);
  const own = lineOf(task.owner);
  // Behind those of the owner that wait already.
  const shared = groups.isBusy(own) ? own : limited;
  return await enter(groups, isUnlimited(quota) ? unlimited : shared, { task, quota });
}

async function enter(groups: CreateGroups, line: string, create: Create): Promise<Written> {
  const { owner, shareGroup = owner } = create.task;
  return await refuseLate(groups.enter(line, create, { group: shareGroup, key: owner }));
}

function createGroupsOn(database: Database): CreateGroups {
  const groups: CreateGroups = createGroups<Create, Written>(
    { maxSize: maxGroupSize, maxWaitMs },
    async (line, creates) => {
      const isPatient = creates.length === 1 || (line !== unlimited && line !== limited);
      const lockTimeout = isPatient ? null : groupLockTimeout;
      const group = { line, creates, lockTimeout, isBusy: groups.isBusy };
      const { written, left } = await forAllOwners(() => writeGroup(database, group)).catch((cause: unknown) => {
        throw creates.length > 1 && isOfOne(cause, lockTimeout) ? new GroupRefusedError(cause) : cause;
      });
      const later = new Map(left.map((create) => [create, enter(groups, lineOf(create.task.owner), create)]));
      return (create) => later.get(create) ?? written.get(create) ?? 'present';
    },
  );
  return groups;
}

type Group = Pick<CreateGroups, 'isBusy'> & { line: string; creates: readonly Create[]; lockTimeout: string | null };

/** `left`: those whose owners' locks are taken elsewhere. */
async function writeGroup(
  database: Database,
  group: Group,
): Promise<{ written: ReadonlyMap<Create, Written>; left: readonly Create[] }> {
  if (group.line === unlimited) return { written: await insert(database, group.creates, group.lockTimeout), left: [] };
  // In any stricter level, what is counted would be as of the transaction's first statement.
  const transaction = database.transaction().setIsolationLevel('read committed');
  return await transaction.execute(async (open) => {
    const locked = await lockOwners(open, group);
    const { mine = [], left = [] } = Object.groupBy(group.creates, ({ task }) =>
      locked.has(task.owner) ? 'mine' : 'left',
    );
    return { written: await insertWithinQuotas(open, mine), left };
  });
}

/** Those that are free, without waiting; in an owner's own line its lock is waited for. */
async function lockOwners(open: Database, { line, creates, lockTimeout, isBusy }: Group): Promise<Set<string>> {
  const owners = [...new Set(creates.map(({ task }) => task.owner))].toSorted();
  if (line !== limited) {
    for (const owner of owners) await lockOwner(open, owner);
    return new Set(owners);
  }
  const idle = owners.filter((owner) => !isBusy(lineOf(owner)));
  const { rows } = await sql<{ owner: string; locked: boolean }>`
    select owner, pg_try_advisory_xact_lock(hashtextextended(owner, 0)) as locked,
      set_config('idle_in_transaction_session_timeout', ${String(maxPauseMs)}, true),
      ${patience(lockTimeout)}
    from unnest(${idle}::text[]) as owner`.execute(open);
  return new Set(rows.filter(({ locked }) => locked).map(({ owner }) => owner));
}

/** In order of arrival. What turns out to be there already takes no room, so that another one may have it. */
async function insertWithinQuotas(open: Database, creates: readonly Create[]): Promise<ReadonlyMap<Create, Written>> {
  const uses = new Map<string, QuotaUse>();
  for (const { task, quota } of creates) {
    if (!uses.has(task.owner)) uses.set(task.owner, await countUseWithin(open, task, quota));
  }
  const written = new Map<Create, Written>();
  for (;;) {
    const waiting = creates.filter((create) => !written.has(create));
    const { fitting, full } = divide(waiting, uses);
    if (fitting.length === 0) return new Map([...written, ...full]);
    for (const [create, answer] of await insert(open, fitting)) {
      written.set(create, answer);
      if (answer !== 'present') take(uses, create.task.owner);
    }
  }
}

function divide(
  creates: readonly Create[],
  uses: ReadonlyMap<string, QuotaUse>,
): { fitting: Create[]; full: Map<Create, FullQuota> } {
  const planned = new Map(uses);
  const [fitting, full] = [new Array<Create>(), new Map<Create, FullQuota>()];
  for (const create of creates) {
    const isFull = fullQuota(create.quota, planned.get(create.task.owner) ?? nothing);
    if (isFull !== null) full.set(create, isFull);
    else {
      fitting.push(create);
      take(planned, create.task.owner);
    }
  }
  return { fitting, full };
}

const nothing: QuotaUse = { tasksInFlight: 0, createsLastMinute: 0 };

function take(uses: Map<string, QuotaUse>, owner: string): void {
  const { tasksInFlight, createsLastMinute } = uses.get(owner) ?? nothing;
  uses.set(owner, { tasksInFlight: tasksInFlight + 1, createsLastMinute: createsLastMinute + 1 });
}

async function insert(
  database: Database,
  creates: readonly Create[],
  lockTimeout: string | null = null,
): Promise<ReadonlyMap<Create, Written>> {
  const tasks = creates.map(({ task }) => task).toSorted(inOrderOfKeys);
  const recorded = new Map((await insertTasks(database, tasks, lockTimeout)).map((task) => [task.id, task]));
  const written = new Map<Create, Written>();
  for (const create of creates) {
    const task = recorded.get(create.task.id);
    written.set(create, task === undefined ? 'present' : { recorded: task });
  }
  return written;
}

/** One order for all processes: else two groups that have two keys in common could wait for each other. */
function inOrderOfKeys(one: NewTask, other: NewTask): number {
  const [key, otherKey] = [one, other].map(({ owner, idempotencyKey, retryOf }) =>
    JSON.stringify([owner, idempotencyKey ?? retryOf]),
  );
  if (key === undefined || otherKey === undefined || key === otherKey) return 0;
  return key < otherKey ? -1 : 1;
}
