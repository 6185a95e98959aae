import type { IndexPolicy, PollableTask } from '../../src/scheduler/index-policy.ts';

/** Asks after each task in its turn, whatever is known of it: what the gateway's policy is compared with. */
export function createRoundRobin(): IndexPolicy {
  const waiting = new Map<string, PollableTask>();
  return {
    add: (task) => void waiting.set(task.id, task),
    watch: () => {},
    next() {
      const [id] = waiting.keys();
      if (id === undefined) return null;
      waiting.delete(id);
      return { id };
    },
    get size() {
      return waiting.size;
    },
  };
}
