import { expect, test } from 'vitest';
import { startDisposablePostgres } from '../support/database.ts';
import { startTestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';

test(
  'the readiness answers within a second while the database hangs, and again when it goes on',
  { timeout: 60_000 },
  async () => {
    await using postgres = await startDisposablePostgres();
    await using gateway = await startTestGateway({ databaseUrl: postgres.connectionString });
    const askReadiness = () => fetch(`${gateway.url}/health/ready`);
    expect((await askReadiness()).status).toBe(200);

    await postgres.pause();
    const from = performance.now();
    const answers = await Promise.all(Array.from({ length: 50 }, askReadiness));
    // Eight tenths of it, and what a busy machine adds.
    expect(performance.now() - from).toBeLessThan(2_000);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(await answers[0]?.json()).toMatchObject({ ready: false, details: { database: 'not reachable' } });
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);

    postgres.resume();
    await until(async () => (await askReadiness()).status === 200);
  },
);
