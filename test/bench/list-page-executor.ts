import { schema } from '../../schema/index.ts';
import { maskError } from '../../schema/errors.ts';
import { createResultUrlCheck } from '../../src/domain/task/result-url.ts';
import { localIdentity } from '../../src/http/authentication/authentication.ts';
import { createPipeline, type Executor } from '../../src/http/graphql/pipeline.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { contextOver } from '../schema/ask.ts';
import { createInMemoryUseCases, imageTask, taskId } from '../schema/in-memory-use-cases.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { alternate } from './alternate.ts';
import { startBenchGatewayOn } from './bench-gateway.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { startHttpLoad } from './http-load.ts';
import { concurrency, findPlaces, round, rounds, taskCount } from './list-page.ts';
import { perSecond, type Load } from './load.ts';
import { seedTasks } from './seed-tasks.ts';
import { pageAfter, pageSize } from './task-documents.ts';

const pagesARound = 100;

export const listPageExecutor: Benchmark = {
  name: 'list-page-executor',
  description:
    `A page of ${pageSize} with history from the compiled executor, beside the standard one: tasks in memory without a ` +
    `server, and out of ${taskCount.toLocaleString('en')} over HTTP`,

  run: async () => [await inMemory(), ...(await overHttp())],
};

async function inMemory(): Promise<Row> {
  const [compiled, standard] = [createAsk('compiled'), createAsk('standard')];
  await alternate(2, compiled, standard); // warms up
  const { measured, beside } = await alternate(rounds * 2, compiled, standard);
  return {
    what: `page of ${pageSize} with history in memory, compiled`,
    unit: 'ms of CPU',
    samples: measured,
    beside: { what: 'standard', samples: beside },
  };
}

/** What a page costs from its request to its answer's text, in milliseconds of CPU. */
function createAsk(executor: Executor): () => Promise<number> {
  const { useCases } = createInMemoryUseCases(somePage(), { isUsableFileUrl: createResultUrlCheck([]) });
  const contextFor = () => contextOver(useCases);
  const common = { plugins: [], introspection: true, logger: silentLogger, clock: systemClock };
  const options = { ...common, schema, contextFor, maskError };
  const pipeline = createPipeline({ ...options, executor });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: pageAfter(taskId(0)) };
  return async () => {
    const before = process.cpuUsage();
    for (let page = 0; page < pagesARound; page += 1) {
      const response = await pipeline.fetch('http://localhost/graphql', init, { identity: localIdentity });
      const text = await response.text();
      if (!text.startsWith('{"data":{"tasks":{')) throw new Error(`No page came: ${text.slice(0, 200)}`);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / pagesARound;
  };
}

function somePage() {
  const at = new Date('2026-07-01T12:30:00Z');
  return Array.from({ length: pageSize + 1 }, (_, number) =>
    imageTask(number, {
      state: 'ended',
      status: 'DONE',
      endedAt: at,
      request: {
        kind: 'IMAGE',
        prompt: `A lighthouse in the evening sun, number ${number}`,
        model: { name: 'GEM', version: '3.0' },
      },
      files: [{ type: 'IMAGE', url: `https://files.example.com/${number}.png`, duration: null }],
      filesExpiry: { kind: 'never' },
    }),
  );
}

async function overHttp(): Promise<Row[]> {
  await using directory = await createTemporaryDirectory();
  await using compiled = await startBenchGatewayOn(directory.path);
  await using otherDirectory = await createTemporaryDirectory();
  // Each has a folder and a sandbox of its own.
  const other = { DATABASE_URL: compiled.databaseUrl, UPSTREAM_ACCOUNT: 'standard', EXECUTOR: 'standard' };
  await using standard = await startBenchGatewayOn(otherDirectory.path, other);
  await seedTasks(compiled, taskCount);
  const bodies = (await findPlaces(compiled)).map(pageAfter);

  using load = startHttpLoad(`${compiled.url}/graphql`, concurrency);
  using loadBeside = startHttpLoad(`${standard.url}/graphql`, concurrency);
  const post = () => withCpu(() => load.post(bodies, round));
  const postBeside = () => withCpu(() => loadBeside.post(bodies, round));
  await alternate(1, post, postBeside); // warms up
  const { measured, beside } = await alternate(rounds, post, postBeside);
  const row = (unit: string, of: (load: LoadWithCpu) => number): Row => ({
    what: `list page of ${pageSize} with history, compiled, ${concurrency} connections`,
    unit,
    samples: measured.map(of),
    beside: { what: 'standard', samples: beside.map(of) },
  });
  return [
    row('pages/s', perSecond),
    row("ms of the server's CPU", ({ cpuMs, latenciesMs }) => cpuMs / latenciesMs.length),
  ];
}

type LoadWithCpu = Load & { cpuMs: number };

/** The load comes from another process, and so does what the database does: this one's CPU is the server's. */
async function withCpu(apply: () => Promise<Load>): Promise<LoadWithCpu> {
  const before = process.cpuUsage();
  const load = await apply();
  const { user, system } = process.cpuUsage(before);
  return { ...load, cpuMs: (user + system) / 1_000 };
}
