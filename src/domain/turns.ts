/** Who waits for a turn: one of each key after the other, each key's in order of arrival. */
export type Turns = {
  /** Resolves at its turn; rejects with the signal's reason when that comes first. */
  wait(key: string, signal: AbortSignal): Promise<void>;
  /** Gives the next one its turn. False when nobody waits. */
  next(): boolean;
  /** How many of a key wait. */
  waiting(key: string): number;
  readonly size: number;
};

type Waiter = { goOn(): void };

export function createTurns(): Turns {
  /** Keys in the order in which their turn comes. */
  const byKey = new Map<string, Waiter[]>();
  let size = 0;

  function enter(key: string, waiter: Waiter): void {
    const others = byKey.get(key);
    if (others) others.push(waiter);
    else byKey.set(key, [waiter]);
    size += 1;
  }

  function leave(key: string, waiter: Waiter): void {
    const others = byKey.get(key) ?? [];
    others.splice(others.indexOf(waiter), 1);
    if (others.length === 0) byKey.delete(key);
    size -= 1;
  }

  return {
    async wait(key, signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter = { goOn: resolve };
      const giveUp = (): void => {
        leave(key, waiter);
        reject(signal.reason);
      };
      waiter.goOn = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      enter(key, waiter);
      await promise;
    },

    next() {
      const [turn] = byKey;
      if (turn === undefined) return false;
      const [key, waiters] = turn;
      const waiter = waiters.shift();
      byKey.delete(key);
      if (waiters.length > 0) byKey.set(key, waiters);
      size -= 1;
      waiter?.goOn();
      return true;
    },

    waiting: (key) => byKey.get(key)?.length ?? 0,

    get size() {
      return size;
    },
  };
}
