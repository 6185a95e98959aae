export type QueuePlace = { group: string; key: string };

/** Round robin between groups, and between the keys of a group; within a key, in order of arrival. */
export type FairQueue<Item> = {
  add(item: Item, place: QueuePlace): void;
  putBack(item: Item, place: QueuePlace): void;
  take(): Item | null;
  remove(item: Item, place: QueuePlace): void;
  order(): Item[];
  readonly size: number;
};

export function createFairQueue<Item>(): FairQueue<Item> {
  const groups = new Map<string, Map<string, Item[]>>();
  let size = 0;

  function enter(item: Item, { group, key }: QueuePlace, end: 'push' | 'unshift'): void {
    const keys = groups.get(group) ?? new Map<string, Item[]>();
    const items = keys.get(key) ?? [];
    items[end](item);
    keys.set(key, items);
    groups.set(group, keys);
    size += 1;
  }

  return {
    add: (item, place) => enter(item, place, 'push'),
    putBack: (item, place) => enter(item, place, 'unshift'),

    take() {
      const [turn] = groups;
      if (turn === undefined) return null;
      const [group, keys] = turn;
      const item = takeTurn(keys);
      groups.delete(group);
      if (keys.size > 0) groups.set(group, keys);
      if (item !== null) size -= 1;
      return item;
    },

    remove(item, { group, key }) {
      const keys = groups.get(group);
      const items = keys?.get(key) ?? [];
      const index = items.indexOf(item);
      if (index < 0) return;
      items.splice(index, 1);
      size -= 1;
      if (items.length === 0) keys?.delete(key);
      if (keys?.size === 0) groups.delete(group);
    },

    order: () => inTurns([...groups.values()].map((keys) => inTurns([...keys.values()]))),

    get size() {
      return size;
    },
  };
}

function takeTurn<Item>(keys: Map<string, Item[]>): Item | null {
  const [turn] = keys;
  if (turn === undefined) return null;
  const [key, items] = turn;
  const item = items.shift() ?? null;
  keys.delete(key);
  if (items.length > 0) keys.set(key, items);
  return item;
}

/** The first of each list, then the second of each, and so on. */
function inTurns<Item>(lists: readonly Item[][]): Item[] {
  const rounds: Item[][] = [];
  for (const list of lists) for (const [round, item] of list.entries()) (rounds[round] ??= []).push(item);
  return rounds.flat();
}
