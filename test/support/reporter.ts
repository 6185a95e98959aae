import type { Reporter } from 'vitest/node';

export type Totals = { passed: number; failed: number; skipped: number };

type FinishedSuite = { errors(): readonly unknown[] };
type FinishedTest = {
  fullName: string;
  result(): { state: 'passed' | 'failed' | 'skipped' | 'pending' };
  diagnostic(): { flaky: boolean } | undefined;
};
type FinishedModule = FinishedSuite & {
  children: { allTests(): Iterable<FinishedTest>; allSuites(): Iterable<FinishedSuite> };
};

/**
 * Says as the very last line of a run, after coverage and teardown too: `12 passed, 0 failed`. Before it come the tests
 * that passed at their second try only, where `--retry` allows one: each is a fault of its own, to be mended.
 */
export function createTotalsReporter(): Reporter {
  let totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  let flaky: string[] = [];
  return {
    onInit: () => {
      process.once('exit', (exitCode) =>
        process.stdout.write([...flaky, describeTotals(totals, exitCode), ''].join('\n')),
      );
    },
    onTestRunEnd: (modules, unhandledErrors) => {
      totals = countTests(modules, unhandledErrors);
      flaky = listFlaky(modules);
    },
  };
}

export function listFlaky(modules: Iterable<FinishedModule>): string[] {
  return [...modules].flatMap(({ children }) =>
    [...children.allTests()]
      .filter((test) => test.diagnostic()?.flaky)
      .map(({ fullName }) => `Passed at a second try only: ${fullName}`),
  );
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
