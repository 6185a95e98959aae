export type Slots = {
  isFull(key: string): boolean;
  /** Returns the release, which may be called more than once; null when the key holds its maximum already. */
  take(key: string): (() => void) | null;
};

export function createSlots(max: number): Slots {
  const takenByKey = new Map<string, number>();
  const taken = (key: string): number => takenByKey.get(key) ?? 0;

  function release(key: string): void {
    if (taken(key) === 1) takenByKey.delete(key);
    else takenByKey.set(key, taken(key) - 1);
  }

  return {
    isFull: (key) => taken(key) >= max,
    take(key) {
      if (taken(key) >= max) return null;
      takenByKey.set(key, taken(key) + 1);
      let isHeld = true;
      return () => {
        if (isHeld) release(key);
        isHeld = false;
      };
    },
  };
}
