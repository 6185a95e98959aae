import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { dataTemplate, embeddedDatabase } from '../../src/store/data-template.ts';
import { migrate } from '../../src/store/migrate.ts';
import { alternate } from './alternate.ts';
import type { Benchmark } from './benchmark.ts';
import { machineMs } from './machine-clock.ts';
import { bundled, fromSources, measureStart, openFolders, type Folders } from './measure-start.ts';

const rounds = 5;
const unit = 'ms';

export const start: Benchmark = {
  name: 'start',
  description:
    'A gateway on its own PostgreSQL, from the start of its process to its answer that it is ready: the bundle beside ' +
    'the sources, on data that are there and on a new folder; and the database of a new folder alone',

  async run() {
    await using folders = await openFolders();
    const [one, other] = [await folders.warm(bundled), await folders.warm(fromSources)];
    const warm = await alternate(
      rounds,
      () => measureStart(bundled, one),
      () => measureStart(fromSources, other),
    );
    const first = async (program: string) => await measureStart(program, await folders.fresh());
    const cold = await alternate(
      rounds,
      () => first(bundled),
      () => first(fromSources),
    );
    const database = await alternate(
      rounds,
      () => openNew(folders, true),
      () => openNew(folders, false),
    );
    const what = 'from the sources';
    return [
      { what: 'start', unit, samples: warm.measured, beside: { what, samples: warm.beside } },
      { what: 'first start on a new folder', unit, samples: cold.measured, beside: { what, samples: cold.beside } },
      {
        what: 'database of a new folder, copied',
        unit,
        samples: database.measured,
        beside: { what: 'by initdb and migrations', samples: database.beside },
      },
    ];
  },
};

async function openNew(folders: Folders, isCopied: boolean): Promise<number> {
  const directory = await folders.fresh();
  const startedAt = machineMs();
  const options = { directory, logger: silentLogger, database: embeddedDatabase };
  const template = isCopied ? { template: dataTemplate } : {};
  await using server = await startEmbeddedPostgres({ ...options, ...template });
  await migrate(server.connection, silentLogger);
  return machineMs() - startedAt;
}
