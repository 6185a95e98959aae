import { Client, type ClientConfig } from 'pg';
import type { CompiledQuery } from 'kysely';
import { z } from 'zod';

const node = z.looseObject({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Actual Rows': z.number(),
  'Actual Loops': z.number(),
  'Rows Removed by Filter': z.number().default(0),
  'Shared Hit Blocks': z.number(),
  'Shared Read Blocks': z.number(),
  get Plans() {
    return z.array(node).default([]);
  },
});
type PlanNode = z.infer<typeof node>;
const answer = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: node })]) })]);

/** What a statement costs, whatever the machine. */
export type Cost = {
  /** Tables that were read from end to end. */
  wholeTables: string[];
  /** Rows of indexes and tables that were looked at, also those that were then passed over. */
  rows: number;
  /** Rows that went into the largest sort. */
  sorted: number;
  /** Pages of 8 kB that were touched. */
  pages: number;
};

const tableOfOneRow = 'database_identity';

/** Runs a statement with the parameters that it was sent with, and answers what it did. */
export async function explain(
  client: Client,
  { sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>,
): Promise<Cost> {
  const { rows } = await client.query(`explain (analyze, buffers, timing off, format json) ${sql}`, [...parameters]);
  const [
    {
      'QUERY PLAN': [{ Plan: plan }],
    },
  ] = answer.parse(rows);
  // A part of a plan that turned out not to be needed costs nothing.
  const nodes = nodesOf(plan).filter((one) => one['Actual Loops'] > 0);
  const scans = nodes.filter((one) => one['Node Type'].endsWith('Scan') && one['Relation Name'] !== undefined);
  return {
    wholeTables: scans
      .filter((one) => one['Node Type'].includes('Seq Scan') && one['Relation Name'] !== tableOfOneRow)
      .map((one) => one['Relation Name'] ?? ''),
    rows: scans.reduce((sum, one) => sum + rowsOf(one) + one['Rows Removed by Filter'] * one['Actual Loops'], 0),
    sorted: Math.max(0, ...nodes.filter((one) => one['Node Type'].includes('Sort')).map(rowsInto)),
    pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
  };
}

export async function connect(connection: ClientConfig): Promise<Client & AsyncDisposable> {
  const client = new Client(connection);
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...plan.Plans.flatMap(nodesOf)];
}

function rowsOf(plan: PlanNode): number {
  return plan['Actual Rows'] * plan['Actual Loops'];
}

function rowsInto(sort: PlanNode): number {
  return Math.max(0, ...sort.Plans.map(rowsOf));
}
