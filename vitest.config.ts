import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { createTotalsReporter } from './test/support/reporter.ts';

/** Rules without I/O: they need no server. */
const pure = ['test/domain/**/*.test.ts', 'test/kit/!(logger).test.ts'];
/** Whole gateways against time, and browsers: what shares the cores with them would make them late. */
const whole = ['test/robustness/**/*.test.ts', 'test/end-to-end/**/*.test.ts', 'test/page/**/*.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', createTotalsReporter()],
    projects: [
      project('pure', pure, [], 0),
      project('rooms', ['test/**/*.test.ts'], [...pure, ...whole], 0, availableParallelism(), true),
      project('whole', whole, [], 1, 1, true),
    ],
  },
});

/** Those of one group run side by side, with `maxWorkers` of them at once; groups run one after the other. */
function project(
  name: string,
  include: string[],
  exclude: string[],
  groupOrder: number,
  maxWorkers = availableParallelism(),
  hasServer = false,
) {
  return {
    // graphql has a development build, which Vite would load for our files beside the production one of our libraries.
    ssr: { resolve: { conditions: ['node', 'module-sync'] } },
    test: {
      name,
      include,
      exclude: [...configDefaults.exclude, ...exclude],
      sequence: { groupOrder },
      maxWorkers,
      ...(hasServer && { globalSetup: ['test/support/global-setup.ts'] }),
      pool: 'forks' as const,
      // Ends what hangs. A busy machine may take its time.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // Of what must come true, likewise.
      expect: { poll: { timeout: 30_000 } },
    },
  };
}
