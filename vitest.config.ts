import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { createTotalsReporter } from './test/support/reporter.ts';

export default defineConfig({
  // graphql has a development build, which Vite would load for our files beside the production one of our libraries.
  ssr: { resolve: { conditions: ['node', 'module-sync'] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', createTotalsReporter()],
    pool: 'forks',
    // Tests wait for PostgreSQL, sockets and child processes more than they compute: one worker more than there are cores.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Of what must come true; a busy machine may take its time.
    expect: { poll: { timeout: 15_000 } },
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
