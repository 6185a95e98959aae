import { createFairQueue, type FairQueue, type QueuePlace } from './fair-queue.ts';

// In each line one group is under way. A first item starts one at once; the items that arrive meanwhile form the next one,
// in round robin between places where there are more than fit.
export type Groups<Item, Answer> = {
  /** Rejects with its group's error, or with a TooLongError when the group has not begun in time. */
  enter(line: string, item: Item, place: QueuePlace): Promise<Answer>;
  isBusy(line: string): boolean;
};

export class TooLongError extends Error {
  override name = 'TooLongError';
}

/** Does a group's work. The next group waits for this, but not for answers that are promises themselves. */
export type GroupWork<Item, Answer> = (
  line: string,
  items: readonly Item[],
) => Promise<(item: Item) => Answer | Promise<Answer>>;

type Member<Item, Answer> = {
  item: Item;
  begin(): void;
  resolve(answer: Answer | Promise<Answer>): void;
  reject(reason: unknown): void;
};

/** `maxWaitMs` is by the system's clock, as are pg's time limits, which the groups run into. */
export function createGroups<Item, Answer>(
  { maxSize, maxWaitMs }: { maxSize: number; maxWaitMs: number },
  work: GroupWork<Item, Answer>,
): Groups<Item, Answer> {
  const lines = new Map<string, FairQueue<Member<Item, Answer>>>();

  async function runLine(line: string, queue: FairQueue<Member<Item, Answer>>): Promise<void> {
    while (queue.size > 0) await runGroup(line, takeUpTo(maxSize, queue));
    lines.delete(line);
  }

  async function runGroup(line: string, members: readonly Member<Item, Answer>[]): Promise<void> {
    for (const { begin } of members) begin();
    try {
      const answerTo = await work(
        line,
        members.map(({ item }) => item),
      );
      for (const { item, resolve } of members) resolve(answerTo(item));
    } catch (error) {
      for (const { reject } of members) reject(error);
    }
  }

  return {
    enter(line, item, place) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const earlier = lines.get(line);
      const queue = earlier ?? createFairQueue<Member<Item, Answer>>();
      const giveUp = (): void => {
        queue.remove(member, place);
        reject(new TooLongError(`No turn came within ${maxWaitMs} ms.`));
      };
      const timer = setTimeout(giveUp, maxWaitMs);
      const member = { item, begin: () => clearTimeout(timer), resolve, reject };
      queue.add(member, place);
      lines.set(line, queue);
      if (earlier === undefined) void runLine(line, queue);
      return promise;
    },
    isBusy: (line) => lines.has(line),
  };
}

function takeUpTo<Item>(max: number, queue: FairQueue<Item>): Item[] {
  const items: Item[] = [];
  while (items.length < max) {
    const item = queue.take();
    if (item === null) break;
    items.push(item);
  }
  return items;
}
