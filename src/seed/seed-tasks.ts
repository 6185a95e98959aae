import type { ModelCatalogue } from '../domain/models/model-catalogue.ts';
import type { Database } from '../store/database.ts';
import { insertPastTasks, type PastTask, readStatistics } from '../store/insert-past-tasks.ts';
import { makePastTask } from './past-task.ts';

export type SeedOptions = {
  tasks: number;
  owner: string;
  seed: number;
  catalogue: Pick<ModelCatalogue, 'models'>;
  /** When the last of them ended. */
  until: Date;
  /** Called as they are recorded. */
  recorded?(count: number): void;
};

const spanMs = 28 * 24 * 3_600_000;
const batchSize = 500;
/** One is made while others are written. */
const writers = 3;

/** Fills a database with tasks of one owner whose ends are spread over the four weeks until a moment, besides what is there. */
export async function seedTasks(database: Database, options: SeedOptions): Promise<void> {
  const batches = makeBatches(options);
  let count = 0;
  async function write(): Promise<void> {
    for (const batch of batches) {
      await insertPastTasks(database, batch);
      count += batch.length;
      options.recorded?.(count);
    }
  }
  await Promise.all(Array.from({ length: writers }, write));
  // Without them the first lists would be planned as if the tables were empty.
  await readStatistics(database);
}

function* makeBatches(options: SeedOptions): Generator<PastTask[], void> {
  const { tasks, until } = options;
  for (let first = 0; first < tasks; first += batchSize) {
    const length = Math.min(batchSize, tasks - first);
    yield Array.from({ length }, (_, index) => {
      const number = first + index;
      const endedAt = new Date(Math.floor(until.getTime() - (spanMs * (tasks - 1 - number)) / tasks));
      return makePastTask({ ...options, number, endedAt });
    });
  }
}
