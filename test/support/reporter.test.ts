import { describe, expect, test } from 'vitest';
import { countTests, describeTotals, listFlaky } from './reporter.ts';

type State = 'passed' | 'failed' | 'skipped' | 'pending';

function createModule(
  states: State[],
  broken: { module?: unknown[]; suite?: unknown[] } = {},
  flaky: readonly number[] = [],
) {
  return {
    errors: () => broken.module ?? [],
    children: {
      allTests: () =>
        states.map((state, index) => ({
          fullName: `test ${index + 1}`,
          result: () => ({ state }),
          diagnostic: () => (state === 'skipped' ? undefined : { flaky: flaky.includes(index + 1) }),
        })),
      allSuites: () => [{ errors: () => broken.suite ?? [] }],
    },
  };
}

describe('the totals', () => {
  test('count the tests of all files', () => {
    const modules = [createModule(['passed', 'failed']), createModule(['passed', 'skipped'])];
    expect(countTests(modules, [])).toEqual({ passed: 2, failed: 1, skipped: 1 });
  });

  test('count as failed a file that cannot be loaded, a hook that throws, and an error outside of all tests', () => {
    expect(countTests([createModule([], { module: ['syntax error'] })], [])).toMatchObject({ failed: 1 });
    expect(countTests([createModule(['skipped'], { suite: ['beforeAll threw'] })], [])).toMatchObject({ failed: 1 });
    expect(countTests([createModule(['passed'])], ['unhandled rejection'])).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });
});

test('tests that passed at a second try only are named', () => {
  const modules = [createModule(['passed', 'passed', 'skipped'], {}, [2]), createModule(['passed'])];
  expect(listFlaky(modules)).toEqual(['Passed at a second try only: test 2']);
});

describe('the line', () => {
  test('names skipped tests only if there are any', () => {
    expect(describeTotals({ passed: 3, failed: 0, skipped: 0 }, 0)).toBe('3 passed, 0 failed');
    expect(describeTotals({ passed: 3, failed: 1, skipped: 2 }, 1)).toBe('3 passed, 1 failed, 2 skipped');
  });

  test('never reads like success when the run ends badly', () => {
    expect(describeTotals({ passed: 3, failed: 0, skipped: 0 }, 1)).toBe('3 passed, 1 failed');
  });
});
