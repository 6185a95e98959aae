import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { callAs, type NamedCaller, namedCallers } from '../access/named-callers.ts';
import { type Named, rootFields } from '../access/root-fields.ts';
import { type DisposablePostgres, startDisposablePostgres } from '../support/database.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';

const cleanup = new AsyncDisposableStack();
let postgres: DisposablePostgres;
let gateway: TestGateway;
let ada: NamedCaller;
let named: Named;
let log = '';

const created = z.object({
  createImageTask: z.object({ task: z.object({ id: z.string() }) }),
});

beforeAll(async () => {
  postgres = cleanup.use(await startDisposablePostgres());
  const logger = pino({ level: 'info' }, { write: (line: string) => void (log += line) });
  gateway = cleanup.use(
    await startTestGateway(
      { databaseUrl: postgres.connectionString },
      { logger, authentication: namedCallers, clock: createFastClock(10) },
    ),
  );
  ada = cleanup.use(callAs('ada', gateway.url));
  const told = await ada.ask(
    `mutation { createImageTask(input: { prompt: "before [slow]", idempotencyKey: "before-Image" }) {
      ... on CreateImageTaskPayload { task { id } } } }`,
  );
  const { task } = created.parse(JSON.parse(told.slice('200 '.length)).data).createImageTask;
  named = {
    id: task.id,
    upstreamTaskId: '24-AigcImage-0',
    fileId: `${task.id}_0`,
    prompt: 'before',
    idempotencyKey: 'before',
  };
  log = '';
  await postgres.stop();
}, 60_000);
afterAll(() => cleanup.disposeAsync());

const fromMemory = ['Query.models'];

describe('with PostgreSQL stopped', () => {
  test.each(Object.keys(rootFields).filter((field) => !fromMemory.includes(field)))(
    '%s is refused for now, with when to come again',
    async (field) => {
      const told = (await rootFields[field]?.attempt(ada, named)) ?? '';
      // What an attempt calls its own, had it got an id.
      const answers = told.replaceAll('its own', '').split('\n').filter(Boolean);
      expect(answers.length).toBeGreaterThan(0);
      for (const answered of answers) {
        expect(answered).toContain('"code":"SERVICE_UNAVAILABLE"');
        expect(answered).toContain('"retryAfterSeconds":5');
        expect(answered).not.toContain('INTERNAL_SERVER_ERROR');
      }
    },
  );

  test('over HTTP a header says it, too', async () => {
    const headers = { authorization: 'Bearer ada', 'content-type': 'application/json' };
    const body = JSON.stringify({ query: '{ viewer { owner } }' });
    const answered = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body });
    expect(answered.headers.get('retry-after')).toBe('5');
  });

  test('what needs no database is answered', async () => {
    expect(await ada.ask('{ models { name } }')).toMatch(/^200 \{"data":\{"models":\[/);
  });

  test('the log tells the outage once, and no stack trace for each request', () => {
    expect(log.match(/The database does not answer\./g)).toHaveLength(1);
    expect(log).not.toMatch(/"stack"|failed unexpectedly/);
  });

  test('its end is told with how many operations were refused, and they work', async () => {
    await postgres.start();
    await until(async () => (await ada.ask('{ viewer { tasksInFlight } }')).includes('"tasksInFlight":'));
    await until(() => log.includes('The database answers again.'));
    const [, refused] = /"refused":(\d+),"msg":"The database answers again\."/.exec(log) ?? [];
    expect(Number(refused)).toBeGreaterThan(Object.keys(rootFields).length);
  });
});
