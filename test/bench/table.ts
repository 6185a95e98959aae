import type { Row } from './benchmark.ts';
import { median, ratios } from './statistics.ts';

const heading = ['what', 'measured', 'beside it', 'measured', 'ratio'];

/** Each number a median over the rounds, with the least and the greatest. */
export function formatTable(rows: readonly Row[]): string {
  return alignTable([heading, ...rows.map(cellsOf)]);
}

/** A Markdown table, aligned for a terminal. */
export function alignTable(cells: readonly (readonly string[])[]): string {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(head), rule, ...body.map(line)].join('\n');
}

function cellsOf({ what, unit, samples, beside }: Row): string[] {
  return [
    `${what}, ${unit}`,
    spread(samples),
    beside.what,
    spread(beside.samples),
    spread(ratios(samples, beside.samples)),
  ];
}

function spread(values: readonly number[]): string {
  return `${round(median(values))} (${round(Math.min(...values))}–${round(Math.max(...values))})`;
}

/** Three digits: more would be noise. Nothing beside nothing has no ratio. */
export function round(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Number(value.toPrecision(3)).toLocaleString('en');
}
