import { findHistories } from '../../src/store/find-histories.ts';
import { listTasks } from '../../src/store/list-tasks.ts';
import { alternate } from './alternate.ts';
import { localOwner, startBenchGateway, type BenchGateway } from './bench-gateway.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { startHttpLoad } from './http-load.ts';
import { applyLoad, perSecond, type Load } from './load.ts';
import { createRecordedStatements, type RecordedStatements } from './recorded-statements.ts';
import { seedTasks } from './seed-tasks.ts';
import { quantile } from './statistics.ts';
import { pageAfter, pageSize } from './task-documents.ts';

export const taskCount = 100_000;
export const concurrency = 16;
/** How many pages are asked for in turn, evenly spread over the list. */
const placeCount = 64;
export const rounds = 6;
export const round = { forMs: 1_200 };

export const listPage: Benchmark = {
  name: 'list-page',
  description:
    `A page of ${pageSize} out of ${taskCount.toLocaleString('en')} tasks, with files, failures and history, ` +
    `over HTTP on ${concurrency} connections, beside its two SQL statements alone on as many`,

  async run() {
    await using gateway = await startBenchGateway();
    await seedTasks(gateway, taskCount);
    await using statements = createRecordedStatements(gateway.connection);
    const places = await findPlaces(gateway);
    const pages = await recordPages(statements, places);
    const bodies = places.map(pageAfter);

    using load = startHttpLoad(`${gateway.url}/graphql`, concurrency);
    const overHttp = (): Promise<Load> => load.post(bodies, round);
    const bareSql = (): Promise<Load> =>
      applyLoad(concurrency, round, (index) => statements.replay(pages[index % pages.length] ?? []));

    await alternate(1, overHttp, bareSql); // warms up
    const { measured, beside } = await alternate(rounds, overHttp, bareSql);
    const row = (what: string, unit: string, of: (load: Load) => number): Row => ({
      what: `list page of ${pageSize} with history, ${what}`,
      unit,
      samples: measured.map(of),
      beside: { what: 'its SQL alone', samples: beside.map(of) },
    });
    return [
      row(`${concurrency} connections`, 'pages/s', perSecond),
      row('half are answered within', 'ms', ({ latenciesMs }) => quantile(latenciesMs, 0.5)),
      row('99 % are answered within', 'ms', ({ latenciesMs }) => quantile(latenciesMs, 0.99)),
    ];
  },
};

/** Tasks that are evenly spread over the list. */
export async function findPlaces({ database }: Pick<BenchGateway, 'database'>): Promise<string[]> {
  const rows = await database.selectFrom('task').select('id').orderBy('id').execute();
  const step = Math.floor((rows.length - pageSize) / placeCount);
  return Array.from({ length: placeCount }, (_, place) => rows[pageSize + place * step]?.id ?? '');
}

/** For each place, the statements that the gateway issues for its page. */
async function recordPages(statements: RecordedStatements, places: readonly string[]) {
  const pages = [];
  for (const after of places) {
    const issued = await statements.record(async (database) => {
      const { tasks } = await listTasks(database, localOwner, { first: pageSize, after }, {});
      await findHistories(
        database,
        localOwner,
        tasks.map(({ id }) => id),
      );
    });
    pages.push(issued);
  }
  return pages;
}
