/** More than a page shows, and few beside those of all other owners. */
const maxPerOwner = 200;

/** The tasks that subscribers wait for urgently, and how many wait for each; of each owner only the first ones count. */
export function createUrgentTasks() {
  const byOwner = new Map<string, Map<string, number>>();
  const owners = new Map<string, string>();

  /** It has ended, or does not exist: not urgent for any subscriber. */
  function settle(id: string): void {
    const owner = owners.get(id) ?? '';
    const waiting = byOwner.get(owner);
    owners.delete(id);
    waiting?.delete(id);
    if (waiting?.size === 0) byOwner.delete(owner);
  }

  return {
    settle,

    add(owner: string, ids: readonly string[]): void {
      const waiting = byOwner.get(owner) ?? new Map<string, number>();
      for (const id of ids) {
        waiting.set(id, (waiting.get(id) ?? 0) + 1);
        owners.set(id, owner);
      }
      if (waiting.size > 0) byOwner.set(owner, waiting);
    },

    release(owner: string, ids: readonly string[]): void {
      for (const id of ids) {
        const count = byOwner.get(owner)?.get(id) ?? 0;
        if (count > 1) byOwner.get(owner)?.set(id, count - 1);
        else settle(id);
      }
    },

    ids(): string[] {
      return [...byOwner.values()].flatMap((waiting) => [...waiting.keys().take(maxPerOwner)]);
    },
  };
}
