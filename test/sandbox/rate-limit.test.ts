import { expect, it } from 'vitest';
import { startTestSandbox } from './test-sandbox.ts';

const unknown = { TaskId: 'unknown' };

it('refuses what exceeds the limit of a second, and takes requests again in the next', async () => {
  await using running = await startTestSandbox({ limits: { DescribeAigcImageTask: 3 } });
  const codes = async () =>
    (await Promise.all(Array.from({ length: 5 }, () => running.call('DescribeAigcImageTask', unknown)))).map(
      ({ Error: error }) => error?.Code,
    );
  const refusals = (all: (string | undefined)[]) => all.filter((code) => code === 'RequestLimitExceeded');

  expect(refusals(await codes())).toHaveLength(2);
  await running.clock.advance(1000);
  expect(refusals(await codes())).toHaveLength(2);
});

it("counts each action and region by itself, and has the vendor's limits by default", async () => {
  await using running = await startTestSandbox({ limits: {} });
  const exhaust = async (action: string, limit: number, region: string) => {
    const headers = { 'x-tc-region': region };
    for (let count = 0; count < limit; count += 1) {
      expect((await running.call(action, unknown, { headers })).Error?.Code).not.toBe('RequestLimitExceeded');
    }
    expect((await running.call(action, unknown, { headers })).Error?.Code).toBe('RequestLimitExceeded');
  };
  await exhaust('DescribeAigcImageTask', 20, 'ap-singapore');
  await exhaust('DescribeAigcImageTask', 20, 'eu-frankfurt');
  await exhaust('DescribeAigcVideoTask', 50, '');
  await exhaust('CreateAigcVideoTask', 10, '');
});
