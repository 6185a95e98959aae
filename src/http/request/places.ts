export type Places = {
  isFull(key: string): boolean;
  /** Takes one of a key's places; null where it has no more. Returns what gives it back, once however often called. */
  take(key: string): (() => void) | null;
};

/** Counts what is taken for each key, up to the same bound for all. */
export function createPlaces(max: number): Places {
  const takenByKey = new Map<string, number>();
  const taken = (key: string): number => takenByKey.get(key) ?? 0;

  function giveBack(key: string): void {
    if (taken(key) === 1) takenByKey.delete(key);
    else takenByKey.set(key, taken(key) - 1);
  }

  return {
    isFull: (key) => taken(key) >= max,
    take(key) {
      if (taken(key) >= max) return null;
      takenByKey.set(key, taken(key) + 1);
      let isMine = true;
      return () => {
        if (isMine) giveBack(key);
        isMine = false;
      };
    },
  };
}
