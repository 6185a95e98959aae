import { makeApiKey } from '../../src/domain/api-key.ts';
import { insertApiKey } from '../../src/store/api-keys.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { alternate } from './alternate.ts';
import { localOwner, startBenchGatewayOn } from './bench-gateway.ts';
import type { Benchmark } from './benchmark.ts';
import { startHttpLoad } from './http-load.ts';
import { concurrency, findPlaces, round, rounds, taskCount } from './list-page.ts';
import { perSecond, type Load } from './load.ts';
import { seedTasks } from './seed-tasks.ts';
import { pageAfter, pageSize } from './task-documents.ts';

const closed = {
  AUTH_MODE: 'api-key',
  INTROSPECTION: 'off',
  CORS_ORIGINS: 'https://app.example.com',
  RATE_LIMIT: '100000',
  QUOTA_TASKS_IN_FLIGHT: '1000000',
  QUOTA_CREATES_PER_MINUTE: '1000000',
};

export const listPageAccess: Benchmark = {
  name: 'list-page-access',
  description:
    `A page of ${pageSize} out of ${taskCount.toLocaleString('en')} tasks, from a gateway that asks for a key, counts rates and quotas, ` +
    'beside one on the same database that asks for nothing',

  async run() {
    await using directory = await createTemporaryDirectory();
    await using open = await startBenchGatewayOn(directory.path);
    await using otherDirectory = await createTemporaryDirectory();
    // Each has a folder and a sandbox of its own.
    const shared = { DATABASE_URL: open.databaseUrl, UPSTREAM_ACCOUNT: 'guarded' };
    await using guarded = await startBenchGatewayOn(otherDirectory.path, { ...closed, ...shared });
    await seedTasks(open, taskCount);
    const { key, text } = makeApiKey({ owner: localOwner, name: 'benchmark' });
    await insertApiKey(open.database, key);
    const bodies = (await findPlaces(open)).map(pageAfter);

    using load = startHttpLoad(`${guarded.url}/graphql`, concurrency, { authorization: `Bearer ${text}` });
    using loadBeside = startHttpLoad(`${open.url}/graphql`, concurrency);
    const withAccess = (): Promise<Load> => load.post(bodies, round);
    const without = (): Promise<Load> => loadBeside.post(bodies, round);

    await alternate(1, withAccess, without); // warms up
    const { measured, beside } = await alternate(rounds, withAccess, without);
    return [
      {
        what: `list page of ${pageSize} with history, a key asked for`,
        unit: 'pages/s',
        samples: measured.map(perSecond),
        beside: { what: 'no access control', samples: beside.map(perSecond) },
      },
    ];
  },
};
