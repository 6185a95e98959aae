import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListTasksQueryVariables } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createImage, listTasks } from '../support/documents.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { runCommandLine } from '../support/run-command.ts';
import { untilEnded } from '../support/until-ended.ts';

/** As `npm run seed -- …` does, where no .env lies. */
function seed(environment: Record<string, string>, ...words: string[]) {
  const env = { PATH: process.env['PATH'], ...environment };
  const program = join(import.meta.dirname, '../../src/seed/seed.ts');
  return runCommandLine(process.execPath, [program, ...words], { cwd: import.meta.dirname, env });
}

async function fill(environment: Record<string, string>, ...words: string[]): Promise<void> {
  const { code, stderr } = await seed(environment, ...words);
  if (code !== 0) throw new Error(stderr);
}

const seededTasks = graphql(`
  query SeededTasks($first: Int, $after: String) {
    tasks(first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ... on AigcTask {
          id
          kind
          status
          prompt
          warnings
          createdAt
          submittedAt
          startedAt
          endedAt
          failure {
            code
          }
          files {
            url
            expired
          }
          history {
            status
            at
          }
        }
      }
    }
  }
`);

const learnedMedians = graphql(`
  query LearnedMedians {
    models {
      versions {
        medianSeconds
      }
    }
  }
`);

const count = 3_000;

describe('on a database', () => {
  let database: TestDatabase;
  let gateway: TestGateway;
  beforeAll(async () => {
    database = await createTestDatabase();
    const environment = { DATABASE_URL: database.connectionString };
    await fill(environment, '--tasks', String(count - 1_000), '--seed', '1');
    gateway = await startTestGateway({ databaseUrl: database.connectionString });
    // Beside a running gateway, and besides what is there.
    await fill(environment, '--tasks', '1000', '--seed', '1');
    await fill(environment, '--tasks', '10', '--owner', 'acme');
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function listSeeded() {
    const listed = [];
    let after: string | null = null;
    do {
      const page: NonNullable<Awaited<ReturnType<typeof pageAfter>>> = await pageAfter(after);
      listed.push(...page.nodes);
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    return listed;
  }
  async function pageAfter(after: string | null) {
    const { tasks } = await gateway.ask(seededTasks, { first: 100, after });
    if (!tasks) throw new Error('There is no list.');
    return tasks;
  }
  const countOf = async (filter: ListTasksQueryVariables['filter']) =>
    (await gateway.ask(listTasks, { first: 1, filter })).tasks?.totalCount;

  test('lists, filters and searches show what was seeded, and count it exactly', async () => {
    const listed = await listSeeded();
    expect(listed).toHaveLength(count);
    expect(await countOf({})).toBe(count);
    const ids = listed.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted().toReversed());
    for (const kind of ['IMAGE', 'VIDEO', 'AUDIO'] as const) {
      const ofKind = listed.filter((task) => task.kind === kind);
      expect(ofKind.length).toBeGreaterThan(count / 10);
      expect(await countOf({ kinds: [kind] })).toBe(ofKind.length);
    }
    for (const status of ['WAIT', 'RUN', 'DONE', 'FAIL'] as const) {
      expect(await countOf({ statuses: [status] })).toBe(listed.filter((task) => task.status === status).length);
    }
    for (const [search, pattern] of [
      ['lighthouse', /lighthouse/i],
      ['小猫', /小猫/],
      ['anime', /anime/],
    ] as const) {
      const found = listed.filter(({ prompt }) => pattern.test(prompt ?? ''));
      expect(found.length, search).toBeGreaterThan(0);
      expect(await countOf({ search }), search).toBe(found.length);
    }
  });

  test('each has a history that fits its times, over the past four weeks, and hands out no result', async () => {
    const now = Date.now();
    for (const task of await listSeeded()) {
      const { createdAt, submittedAt, startedAt, endedAt, history, files, status, warnings } = task;
      const times = [createdAt, submittedAt, startedAt, endedAt].filter((time) => typeof time === 'string');
      expect(times).toEqual(times.toSorted());
      expect(history?.map(({ at }) => at)).toEqual(times);
      expect(history?.at(-1)?.status).toBe(status);
      expect(Date.parse(endedAt ?? '')).toBeLessThanOrEqual(now);
      expect(Date.parse(createdAt)).toBeGreaterThan(now - 32 * 24 * 3_600_000);
      expect(files.length > 0).toBe(status === 'DONE');
      expect(files.every(({ expired, url }) => expired && url === null)).toBe(true);
      expect(warnings).toEqual([]);
    }
  });

  test('the gateway sends and polls none of them, and learns nothing from them', async () => {
    const medians = async () =>
      (await gateway.ask(learnedMedians, {})).models?.flatMap(({ versions }) =>
        versions.map(({ medianSeconds }) => medianSeconds),
      );
    expect(new Set(await medians())).toEqual(new Set([null]));
    // The control: it does send and poll, and counts it.
    const input = { prompt: 'a task of its own', idempotencyKey: 'one' };
    const { createImageTask: created } = await gateway.ask(createImage, { input });
    if (created?.__typename !== 'CreateImageTaskPayload') throw new Error('It was not created.');
    await untilEnded(gateway, created.task.id);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    const actions = [...metrics.matchAll(/^gateway_upstream_calls_total\{action="(\w+)"/gm)].map(
      ([, action]) => action,
    );
    expect(new Set(actions)).toEqual(new Set(['CreateAigcImageTask', 'DescribeAigcImageTask']));
    expect(metrics).toMatch(/^gateway_upstream_calls_total\{action="CreateAigcImageTask",outcome="ok"\} 1$/m);
    expect(gateway.gateway.facts.join('\n')).not.toContain('Left alone');
  });
});

test.each([
  [['--tasks', 'many'], '--tasks must be a whole number from 1 to 10000000.'],
  [['--tasks', '0'], '--tasks must be a whole number from 1 to 10000000.'],
  [[], 'Say how many: --tasks 1000.'],
  [['--tasks', '5', '--owner', ' '], '--owner must have 1 to 255 characters'],
  [['--tasks', '5', '--seed', '-1'], ''],
  [['--tasks', '5', '--task', '5'], "Unknown option '--task'"],
])('%j means nothing, and is answered with what would', async (words, told) => {
  const { code, stdout, stderr } = await seed({}, ...words);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(told);
  expect(stderr).toContain('Usage:');
});

test('asked for help, that is its answer', async () => {
  expect(await seed({}, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage:'), stderr: '' });
});
