import { setImmediate } from 'node:timers/promises';
import {
  getNamedType,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { type Random, seededRandom } from '../../src/kit/seeded-random.ts';

/**
 * Decides what each field does. Two executions in worlds of the same seed meet the same values and troubles. In a world that
 * is heard no rejection can end the process: graphql leaves those alone that are in a list which comes too late.
 */
export type World = { seed: string; troubleShare: number; schema: GraphQLSchema; calls: string[]; isHeard: boolean };

export type Source = { key: string; typeName: string };

/** Enum values inside the server may be anything. */
export const colours = { RED: 1, GREEN: { shade: 'green' }, BLUE: 'blue' };

/** What a field's resolver returns or throws. */
export function outcomeOf(type: GraphQLOutputType, key: string, world: World): unknown {
  world.calls.push(key);
  const random = seededRandom(world.seed, key);
  const decide = (): unknown => {
    if (random.fraction() < world.troubleShare) return random.pick(troubles)();
    return valueOf(type, key, world, random);
  };
  const outcome = delivered(random, decide);
  if (world.isHeard && outcome instanceof Promise) outcome.catch(() => {});
  return outcome;
}

const troubles: [() => unknown, ...(() => unknown)[]] = [
  () => null,
  () => undefined,
  () => new Error('returned'),
  () => ({ wrong: true }),
  () => 'wrong',
  () => Number.NaN,
  () => {
    throw new Error('thrown');
  },
  () => {
    throw new GraphQLError('refused', { extensions: { code: 'REFUSED' } });
  },
  () => {
    throw new GraphQLError('from elsewhere', { path: ['elsewhere', 1] });
  },
  () => {
    // oxlint-disable-next-line no-throw-literal -- resolvers may throw anything
    throw 'a text';
  },
];

/** At once, or by a promise that is kept sooner or later. */
function delivered(random: Random, decide: () => unknown): unknown {
  const roll = random.fraction();
  if (roll < 0.65) return decide();
  if (roll < 0.95) return afterTurns(random.integer(0, 12), decide);
  if (roll < 0.98) return setImmediate().then(decide);
  return {
    // oxlint-disable-next-line unicorn/no-thenable -- which is what a resolver may return
    then: (resolve: (value: unknown) => void, reject: (error: unknown) => void) =>
      void afterTurns(2, decide).then(resolve, reject),
  };
}

async function afterTurns(count: number, decide: () => unknown): Promise<unknown> {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
  return decide();
}

function valueOf(type: GraphQLOutputType, key: string, world: World, random: Random): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType, key, world, random);
  if (isListType(type)) return listOf(type.ofType, key, world, random);
  const named = getNamedType(type);
  if (isAbstractType(named)) {
    const [first, ...others] = world.schema.getPossibleTypes(named).map(({ name }) => name);
    return createSource(key, random.pick([first ?? '', ...others]), world);
  }
  return isObjectType(named) ? createSource(key, named.name, world) : leafOf(named.name, random);
}

function listOf(itemType: GraphQLOutputType, key: string, world: World, random: Random): unknown {
  const keys = Array.from({ length: random.integer(0, 4) }, (_, index) => `${key}.${index}`);
  const outcome = (itemKey: string): unknown => outcomeOf(itemType, itemKey, world);
  if (key.includes('arriving')) {
    return (async function* () {
      for (const itemKey of keys) yield outcome(itemKey);
    })();
  }
  const breaking = (function* () {
    for (const itemKey of keys) yield outcome(itemKey);
  })();
  const items = (): unknown[] => keys.map((itemKey) => orTrouble(world, random, () => outcome(itemKey)));
  return random.pick([items, items, () => new Set(items()), () => breaking])();
}

/** An array can't throw: what an item's outcome throws is in it, as an error or a promise that is broken. */
function orTrouble({ isHeard }: World, random: Random, outcome: () => unknown): unknown {
  const isPromise = random.fraction() < 0.5;
  try {
    return outcome();
  } catch (error) {
    if (!isPromise) return new Error('in the list', { cause: error });
    const broken = Promise.reject(error);
    if (isHeard) broken.catch(() => {});
    return broken;
  }
}

/** An object whose properties and methods have the outcomes of its fields. */
function createSource(key: string, typeName: string, world: World): Source {
  const source: Source = { key, typeName, ...(typeName === 'Bush' && { __typename: typeName }) };
  const type = world.schema.getType(typeName);
  const fields = isObjectType(type) ? type.getFields() : {};
  return new Proxy(source, {
    get(target, name) {
      const field = typeof name === 'string' ? fields[name] : undefined;
      if (!field || typeof name !== 'string') return Reflect.get(target, name);
      const outcome = (): unknown => outcomeOf(field.type, `${key}.${name}`, world);
      return name.length % 3 === 0 ? outcome : outcome();
    },
  });
}

function leafOf(typeName: string, random: Random): unknown {
  switch (typeName) {
    case 'Int':
      return random.pick<unknown>([7, -0, true, '42', 2 ** 31 - 1]);
    case 'Float':
      return random.pick<unknown>([0.1, -1e21, 3, '1.5', false]);
    case 'Boolean':
      return random.pick<unknown>([true, false, 1]);
    case 'ID':
      return random.pick<unknown>(['id', 12]);
    case 'Colour':
      return random.pick<unknown>([colours.RED, colours.GREEN, colours.BLUE]);
    case 'Moment':
      return new Date(Date.UTC(2026, random.integer(0, 11)));
    case 'Anything':
      return random.pick<unknown>([{ a: [1, null, { b: '"' }] }, [], 'text', 0, false, new Date(0)]);
    default:
      return random.pick<unknown>([
        '',
        'plain',
        '"quoted" \\ \n\u0007',
        '日本語 🎨',
        '\ud800 alone',
        '\u2028',
        12,
        true,
      ]);
  }
}
