import DataLoader from 'dataloader';
import type { Task, TaskEvent } from '../src/domain/task/task.ts';
import type { WebhookAttempt } from '../src/domain/task/webhook.ts';
import type { CallerUseCases } from '../src/tasks/owner-scoped-use-cases.ts';

export type Loaders = {
  task: DataLoader<string, Task | null>;
  taskByUpstreamId: DataLoader<string, Task | null>;
  history: DataLoader<string, TaskEvent[]>;
  webhookDeliveries: DataLoader<string, WebhookAttempt[]>;
  /** When a file's URL of unknown expiry was last seen to work; null when it is dead or can't be reached. */
  fileSeenAliveAt: DataLoader<string, Date | null>;
};

/**
 * Batches within one tick, without a cache: it would live as long as its context, which for a subscription is hours, and
 * each event would get the rows of the first.
 */
export function createLoaders(useCases: CallerUseCases): Loaders {
  const batched = <Value>(load: (keys: readonly string[]) => Promise<Value[]>) =>
    new DataLoader<string, Value>(load, { cache: false });
  return {
    task: batched((ids) => useCases.findTasks(ids)),
    taskByUpstreamId: batched((ids) => useCases.findTasksByUpstreamId(ids)),
    history: batched((taskIds) => useCases.findHistories(taskIds)),
    webhookDeliveries: batched((taskIds) => useCases.findWebhookAttempts(taskIds)),
    fileSeenAliveAt: batched((urls) => tryOnceEach(urls, useCases)),
  };
}

/** A file's `url`, `expiresAt` and `expired` load in one tick: its URL is tried once for all of them. */
function tryOnceEach(urls: readonly string[], useCases: CallerUseCases): Promise<(Date | null)[]> {
  const trials = new Map([...new Set(urls)].map((url) => [url, useCases.tryFileUrl(url)]));
  return Promise.all(urls.map(async (url) => (await trials.get(url)) ?? null));
}
