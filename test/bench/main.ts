/**
 * `npm run bench` runs all benchmarks in some minutes; `npm run bench -- list-page` those that are named.
 * `polling-live` takes five minutes and `scale` longer than its tasks (`--tasks 1000000`); they run only by their names.
 *
 * How to read the table. Each line holds something that the gateway does and, beside it, what it is compared with: the
 * database's part of it alone, or the same for a single subscriber. Both were measured in turn, several times in one
 * run, on an embedded PostgreSQL that waits for the disk as in production, with the load coming from a process of its
 * own. A number is the median of the rounds, with the least and the greatest in brackets. `ratio` is measured ÷ beside,
 * computed within each round. Absolute numbers are this machine's: across machines and days compare the ratios, and
 * where the brackets lie far apart, close what else is running and measure again.
 *
 * `npm run bench -- peers` compares with other servers and with goals, in a table of its own, and takes half an hour:
 * `--only 1,2,5` measures some of its rows, `--tasks 100000` asks for less than a million tasks, `--json FILE` writes it.
 *
 * The gateway runs in this process: `node --cpu-prof test/bench/main.ts list-page` profiles it without its load.
 */
import { parseArgs } from 'node:util';
import { createBurst } from './create-burst.ts';
import { creates } from './creates.ts';
import { describes } from './describes.ts';
import { describeMachine } from './describe-machine.ts';
import { fanOut } from './fan-out.ts';
import { idleMemory } from './idle-memory.ts';
import { listPageAccess } from './list-page-access.ts';
import { listPageExecutor } from './list-page-executor.ts';
import { listPage } from './list-page.ts';
import { machineMs } from './machine-clock.ts';
import { opening } from './opening.ts';
import { comparePeers } from './peers/peers.ts';
import { polling } from './polling.ts';
import { pollingLive } from './polling-live.ts';
import { createScale } from './scale.ts';
import { start } from './start.ts';
import { steadyDelivery } from './steady-delivery.ts';
import { formatTable } from './table.ts';
import { throughput } from './throughput.ts';

const { positionals: names, values } = parseArgs({
  allowPositionals: true,
  options: { tasks: { type: 'string' }, only: { type: 'string' }, json: { type: 'string' } },
});
const scale = createScale(Number(values.tasks ?? 100_000));
const benchmarks = [
  listPage,
  listPageExecutor,
  listPageAccess,
  fanOut,
  opening,
  idleMemory,
  steadyDelivery,
  createBurst,
  start,
  creates,
  throughput,
  describes,
  pollingLive,
  scale,
  polling,
];

const known = benchmarks.map(({ name }) => name);
const unknown = names.filter((name) => !known.includes(name));

if (names.join() === 'peers') {
  const only = values.only?.split(',').map(Number) ?? [];
  await comparePeers({ only, json: values.json, tasks: Number(values.tasks ?? 1_000_000) });
  console.log(await describeMachine());
} else if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${known.join(', ')}; and peers, by itself.`);
  process.exitCode = 1;
} else {
  const startedAt = machineMs();
  const rows = [];
  for (const { name, description, byNameOnly, run } of benchmarks) {
    if (names.length > 0 ? !names.includes(name) : byNameOnly) continue;
    console.log(`${name}: ${description}`);
    rows.push(...(await run()));
  }
  const tookSeconds = Math.round((machineMs() - startedAt) / 1_000);
  console.log(`\n${formatTable(rows)}\n\n${await describeMachine()}; took ${tookSeconds} s`);
}
