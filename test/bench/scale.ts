import type { TaskFilter } from '../../src/domain/task/listing.ts';
import { listTasks } from '../../src/store/list-tasks.ts';
import { connect, explain } from '../store/explain.ts';
import { localOwner, startBenchGateway } from './bench-gateway.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { machineMs } from './machine-clock.ts';
import { createRecordedStatements } from './recorded-statements.ts';
import { seedTasks } from './seed-tasks.ts';
import { median } from './statistics.ts';

const fewTasks = 10_000;
const pageSize = 50;
const rounds = 5;

/** One value that is common, and one that is rare, of each filter; every combination of up to three is asked for. */
const filters: readonly (readonly [name: string, filter: TaskFilter])[] = [
  ['IMAGE', { kinds: ['IMAGE'] }],
  ['AUDIO', { kinds: ['AUDIO'] }],
  ['TEXT_TO_VIDEO', { modes: ['TEXT_TO_VIDEO'] }],
  ['DONE', { statuses: ['DONE'] }],
  ['FAIL', { statuses: ['FAIL'] }],
  ['RUN', { statuses: ['RUN'] }],
  ['REJECTED', { failureCodes: ['REJECTED'] }],
  ['Kling', { modelNames: ['Kling'] }],
  ['Vidu', { modelNames: ['Vidu'] }],
  ['alice', { operator: 'alice' }],
  ['an operator without tasks', { operator: 'nonesuch' }],
];

/** `npm run bench -- scale --tasks 1000000`: what a page costs among many tasks beside few, whatever it is filtered by. */
export function createScale(tasks: number): Benchmark {
  return {
    name: 'scale',
    description: `A page of ${pageSize} by every combination of up to three filters, out of ${tasks.toLocaleString('en')} tasks beside ${fewTasks.toLocaleString('en')}`,
    byNameOnly: true,

    async run() {
      const combined = await compareCosts(tasks);
      const byRatio = combined.toSorted((one, other) => other.pages / other.few.pages - one.pages / one.few.pages);
      const slowest = combined.toSorted((one, other) => other.ms - one.ms);
      return [
        ...byRatio.slice(0, 5).map((cost) => row(cost, 'buffers', ({ pages }) => pages)),
        ...slowest.slice(0, 5).map((cost) => row(cost, 'ms', ({ ms }) => ms)),
      ];
    },
  };
}

type Cost = { name: string; filters: number; pages: number; ms: number; leastMs: number };

export type ComparedCost = Cost & { few: Cost };

/** What a page by each combination of filters costs among so many tasks, beside few. */
export async function compareCosts(tasks: number): Promise<ComparedCost[]> {
  const few = await costs(fewTasks);
  const many = await costs(tasks);
  return many.map((cost, index) => ({ ...cost, few: few[index] ?? cost }));
}

function row(cost: ComparedCost, unit: string, of: (cost: Cost) => number): Row {
  return {
    what: `a page by ${cost.name}`,
    unit,
    samples: [of(cost)],
    beside: { what: `${fewTasks.toLocaleString('en')} tasks`, samples: [of(cost.few)] },
  };
}

async function costs(tasks: number): Promise<Cost[]> {
  await using gateway = await startBenchGateway();
  await seedTasks(gateway, tasks);
  await using statements = createRecordedStatements(gateway.connection);
  await using client = await connect(gateway.connection);
  const measured: Cost[] = [];
  for (const [name, filter] of combinations()) {
    const list = async (): Promise<unknown> =>
      await listTasks(gateway.database, localOwner, { first: pageSize }, filter);
    const issued = await statements.record((database) => listTasks(database, localOwner, { first: pageSize }, filter));
    let pages = 0;
    for (const statement of issued) pages += (await explain(client, statement)).pages;
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const from = machineMs();
      await list();
      times.push(machineMs() - from);
    }
    measured.push({
      name,
      filters: Object.keys(filter).length,
      pages,
      ms: median(times),
      leastMs: Math.min(...times),
    });
  }
  return measured;
}

function combinations(): [string, TaskFilter][] {
  const found: [string, TaskFilter][] = [['nothing', {}]];
  const add = (from: number, names: readonly string[], filter: TaskFilter): void => {
    if (names.length > 0) found.push([names.join(', '), filter]);
    if (names.length === 3) return;
    for (const [index, [name, next]] of filters.entries()) {
      const isAnother = Object.keys(next).every((field) => !(field in filter));
      if (index >= from && isAnother) add(index + 1, [...names, name], { ...filter, ...next });
    }
  };
  add(0, [], {});
  return found;
}
