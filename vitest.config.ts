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
    // Tests wait for PostgreSQL and sockets more than they compute: even one core has use for two workers.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 20_000,
    hookTimeout: 20_000,
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
