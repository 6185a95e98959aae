import { alignTable, round } from '../table.ts';
import { isReached, ratiosOf, type Measure, type Measured } from './goal.ts';

/** One figure, or two in the order of the goal. */
type Figures = number | (number | null)[] | null;

/** A row as others may read it: what `--json` writes. */
export type Line = Measure & { value: Figures; beside: Figures; ratio: Figures; reached: boolean };

/** null: it could not be measured, which reaches nothing. */
export function lineOf({ measure, goal }: Measure, measured: Measured | null): Line {
  if (measured === null) return { measure, value: null, beside: null, ratio: null, goal, reached: false };
  return {
    measure,
    value: figuresOf(measured.value),
    beside: figuresOf(measured.beside),
    ratio: figuresOf(ratiosOf(measured)),
    goal,
    reached: isReached(goal, measured),
  };
}

function figuresOf(figures: readonly (number | null)[]): Figures {
  if (figures.every((figure) => figure === null)) return null;
  const [only = null, ...others] = figures;
  return others.length > 0 ? [...figures] : only;
}

export function formatLines(lines: readonly Line[]): string {
  const rows = lines.map(({ measure, value, beside, ratio, goal, reached }) => [
    measure,
    value === null ? 'not measured' : textOf(value),
    textOf(beside),
    textOf(ratio),
    goal,
    reached ? 'reached' : 'not reached',
  ]);
  return alignTable([['measure', 'measured', 'beside it', 'ratio', 'to reach', ''], ...rows]);
}

function textOf(figures: Figures): string {
  return [figures]
    .flat()
    .map((figure) => (figure === null ? '–' : round(figure)))
    .join(' / ');
}
