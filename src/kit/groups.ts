import { createFairQueue, type FairQueue, type QueuePlace } from './fair-queue.ts';

/**
 * Of each line one group is under way. The first one goes at once, alone; what arrives meanwhile forms the next group, in
 * turns between places where there is more than a group takes.
 */
export type Groups<Item, Answer> = {
  /** Rejects with what its group rejects with, or with a TooLongError when its group has not begun in time. */
  enter(line: string, item: Item, place: QueuePlace): Promise<Answer>;
  isBusy(line: string): boolean;
};

export class TooLongError extends Error {
  override name = 'TooLongError';
}

/** Does a group's work, and says what became of each: at once, or later, which the next group does not wait for. */
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

/** `maxWaitMs` by the system's clock, like the time limits of what a group waits for. */
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
