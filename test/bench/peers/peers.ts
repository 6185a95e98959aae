import { writeFile } from 'node:fs/promises';
import { lineOf, formatLines, type Line } from './report.ts';
import { openArena, type Arena } from './arena.ts';
import { rows, type Means, type PeerRow } from './rows.ts';

export type PeersOptions = {
  /** Numbers of the table's rows, from 1 on. Empty: all. */
  only: readonly number[];
  /** Where to write the table as JSON. */
  json: string | undefined;
  tasks: number;
};

/** `npm run bench -- peers`: where the gateway stands beside others, and beside its goals. */
export async function comparePeers({ only, json, tasks }: PeersOptions): Promise<void> {
  await using opened = new AsyncDisposableStack();
  let arena: Promise<Arena> | undefined;
  const means: Means = { tasks, arena: () => (arena ??= openArena().then((open) => opened.use(open))) };
  const lines: Line[] = [];
  for (const [index, row] of rows.entries()) {
    const isWanted = only.length === 0 || only.includes(index + 1);
    lines.push(isWanted ? await lineOfRow(row, means) : lineOf(row, null));
  }
  console.log(`\n${formatLines(lines)}\n`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(lines, null, 2)}\n`);
}

/** What can't be measured is a line of the table, too. */
async function lineOfRow(row: PeerRow, means: Means): Promise<Line> {
  console.log(`peers: ${row.measure}`);
  try {
    return lineOf(row, await row.run(means));
  } catch (error) {
    console.log(`not measured: ${error instanceof Error ? error.message : String(error)}`);
    return lineOf(row, null);
  }
}
