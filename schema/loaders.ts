import DataLoader from 'dataloader';
import type { Task, TaskEvent } from '../src/domain/task/task.ts';
import type { WebhookAttempt } from '../src/domain/task/webhook.ts';
import type { CallerUseCases } from '../src/tasks/owner-scoped-use-cases.ts';

export type Loaders = {
  readonly task: DataLoader<string, Task | null>;
  readonly taskByUpstreamId: DataLoader<string, Task | null>;
  readonly history: DataLoader<string, TaskEvent[]>;
  readonly webhookDeliveries: DataLoader<string, WebhookAttempt[]>;
  /** By URL of unknown expiry; null when it is dead or can't be reached. */
  readonly fileSeenAliveAt: DataLoader<string, Date | null>;
};

/**
 * Loaders are made when they are first used: most operations need none. They batch within one tick, without a cache: that would
 * live as long as its subscription, and each event would get the rows of the first one.
 */
export function createLoaders(useCases: CallerUseCases): Loaders {
  return new LazyLoaders(useCases);
}

class LazyLoaders implements Loaders {
  readonly #useCases: CallerUseCases;
  #task: Loaders['task'] | null = null;
  #taskByUpstreamId: Loaders['taskByUpstreamId'] | null = null;
  #history: Loaders['history'] | null = null;
  #webhookDeliveries: Loaders['webhookDeliveries'] | null = null;
  #fileSeenAliveAt: Loaders['fileSeenAliveAt'] | null = null;

  constructor(useCases: CallerUseCases) {
    this.#useCases = useCases;
  }

  get task() {
    return (this.#task ??= batched((ids) => this.#useCases.findTasks(ids)));
  }

  get taskByUpstreamId() {
    return (this.#taskByUpstreamId ??= batched((ids) => this.#useCases.findTasksByUpstreamId(ids)));
  }

  get history() {
    return (this.#history ??= batched((taskIds) => this.#useCases.findHistories(taskIds)));
  }

  get webhookDeliveries() {
    return (this.#webhookDeliveries ??= batched((taskIds) => this.#useCases.findWebhookAttempts(taskIds)));
  }

  get fileSeenAliveAt() {
    return (this.#fileSeenAliveAt ??= batched((urls) => tryOnceEach(urls, this.#useCases)));
  }
}

function batched<Value>(load: (keys: readonly string[]) => Promise<Value[]>): DataLoader<string, Value> {
  return new DataLoader<string, Value>(load, { cache: false });
}

/** A file's `url`, `expiresAt` and `expired` load in one tick: its URL is tried once for all three. */
function tryOnceEach(urls: readonly string[], useCases: CallerUseCases): Promise<(Date | null)[]> {
  const trials = new Map([...new Set(urls)].map((url) => [url, useCases.tryFileUrl(url)]));
  return Promise.all(urls.map(async (url) => (await trials.get(url)) ?? null));
}
