import { RefusalWithTask, TaskNotFoundError } from '../domain/errors.ts';
import type { Caller } from '../domain/task/task.ts';
import type { Logger } from '../kit/logger.ts';
import { leftOut, mapEach } from '../kit/prompt-iterator.ts';
import type { UseCases } from './use-cases.ts';

type Owned = { readonly owner: string };

declare const checked: unique symbol;
/** What was found to be the caller's own. Only the check below makes it, so that nothing gets past it. */
type Own<Thing> = Thing & { readonly [checked]: true };

/** Something in which all that has an owner is the caller's own. */
type OwnIn<Value> = Value extends Owned
  ? Own<Value>
  : Value extends Date
    ? Value
    : Value extends AsyncIterable<infer Item>
      ? AsyncIterable<OwnIn<Item>>
      : Value extends object
        ? { [Key in keyof Value]: OwnIn<Value[Key]> }
        : Value;

type OwnItem<Item> = Item extends Owned ? Own<Item> | null : OwnIn<Item>;

/** A list answers a list of ids, so that each item keeps its place: what is foreign is null there. */
type OwnAnswer<Answer> = Answer extends readonly (infer Item)[] ? OwnItem<Item>[] : OwnIn<Answer>;

type OwnerScoped<UseCase> = UseCase extends (...given: infer Given) => infer Answer
  ? Given extends [Caller, ...infer Rest]
    ? (...given: Rest) => Promise<OwnAnswer<Awaited<Answer>>>
    : Answer extends OwnIn<Answer>
      ? UseCase
      : never
  : never;

/** The use cases as one caller has them: for no one else, and with nothing of anyone else's in their answers. */
export type CallerUseCases = { [Name in keyof UseCases]: OwnerScoped<UseCases[Name]> };

type CallerlessName = {
  [Name in keyof UseCases]: Parameters<UseCases[Name]> extends [Caller, ...unknown[]] ? never : Name;
}[keyof UseCases];

/** They read nothing of any owner's: all that they answer from is in the arguments. */
const callerless: Record<CallerlessName, true> = {
  estimateTasks: true,
  models: true,
  medianSeconds: true,
  tryFileUrl: true,
  isUsableFileUrl: true,
  findFileUrl: true,
};

/**
 * The only way to the use cases for what answers callers. Each of them reads and writes by owner itself; should one forget
 * to, what is not the caller's is as absent here, and an error in the log.
 */
export function scopeToOwner(caller: Caller, useCases: UseCases, logger: Pick<Logger, 'error'>): CallerUseCases;
export function scopeToOwner(caller: Caller, useCases: UseCases, logger: Pick<Logger, 'error'>): object {
  let check: ReturnType<typeof createOwnerCheck> | null = null;
  // Scoped when it is asked for: there is a context for each operation, which needs few of them.
  return new Proxy(useCases, {
    get(target, name) {
      const useCase: unknown = Reflect.get(target, name);
      if (typeof useCase !== 'function' || name in callerless) return useCase;
      check ??= createOwnerCheck(caller, logger);
      const checkOwn = check;
      return (...given: unknown[]) => checkOwn(() => Reflect.apply(useCase, undefined, [caller, ...given]));
    },
  });
}

function createOwnerCheck({ owner }: Caller, logger: Pick<Logger, 'error'>) {
  function isOwn(thing: Owned): boolean {
    if (thing.owner === owner) return true;
    const taskId = 'id' in thing ? thing.id : null;
    logger.error({ taskId, owner }, 'What is not the caller’s was about to be shown, and was left out.');
    return false;
  }

  const isForeign = (value: unknown): boolean => isOwned(value) && !isOwn(value);

  /** Lists and streams lose what is foreign; where there is one thing only, it is not found. */
  function withoutForeign(value: unknown): unknown {
    if (isForeign(value)) throw new TaskNotFoundError();
    if (typeof value !== 'object' || value === null || isOwned(value) || value instanceof Date) return value;
    if (Array.isArray(value)) return value.filter((item: unknown) => !isForeign(item)).map(withoutForeign);
    if (isStream(value))
      return mapEach(value[Symbol.asyncIterator](), (item) => (isForeign(item) ? leftOut : withoutForeign(item)));
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withoutForeign(field)]));
  }

  return async (ask: () => Promise<unknown>): Promise<unknown> => {
    try {
      const answer = await ask();
      if (!Array.isArray(answer)) return withoutForeign(answer);
      return answer.map((item: unknown) => (isForeign(item) ? null : withoutForeign(item)));
    } catch (error) {
      throw error instanceof RefusalWithTask && !isOwn(error.task) ? new TaskNotFoundError() : error;
    }
  };
}

function isOwned(value: unknown): value is Owned {
  return typeof value === 'object' && value !== null && 'owner' in value && typeof value.owner === 'string';
}

function isStream(value: object): value is AsyncIterable<unknown, undefined> {
  return Symbol.asyncIterator in value;
}
