import type { Reporter } from 'vitest/node';

export type Totals = { passed: number; failed: number; skipped: number };

type FinishedSuite = { errors(): readonly unknown[] };
type FinishedTest = { result(): { state: 'passed' | 'failed' | 'skipped' | 'pending' } };
type FinishedModule = FinishedSuite & {
  children: { allTests(): Iterable<FinishedTest>; allSuites(): Iterable<FinishedSuite> };
};

/** Says as the very last line of a run, after coverage and teardown too: `12 passed, 0 failed`. */
export function createTotalsReporter(): Reporter {
  let totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  return {
    onInit: () => {
      process.once('exit', (exitCode) => process.stdout.write(`${describeTotals(totals, exitCode)}\n`));
    },
    onTestRunEnd: (modules, unhandledErrors) => {
      totals = countTests(modules, unhandledErrors);
    },
  };
}

/** What goes wrong outside of tests (a file that can't be loaded, a hook, an unhandled rejection) counts as failed. */
export function countTests(modules: Iterable<FinishedModule>, unhandledErrors: readonly unknown[]): Totals {
  const totals: Totals = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of modules) {
    const suites = [module, ...module.children.allSuites()];
    totals.failed += suites.filter((suite) => suite.errors().length > 0).length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      totals[state === 'pending' ? 'skipped' : state] += 1;
    }
  }
  return totals;
}

/** A run that ends badly without a failed test (no tests found, a broken setup) must not read like a good one. */
export function describeTotals({ passed, failed, skipped }: Totals, exitCode: number): string {
  const failures = exitCode === 0 ? failed : Math.max(failed, 1);
  return `${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
