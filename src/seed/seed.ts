import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readConfig } from '../config/config.ts';
import { isOwnerName, ownerNameRule } from '../domain/owner.ts';
import { runCommand, UsageError } from '../kit/command-line.ts';
import { silentLogger } from '../kit/logger.ts';
import { openDatabase } from '../store/open-database.ts';
import { seedTasks, type SeedOptions } from './seed-tasks.ts';

const maxTasks = 10_000_000;

const usage = `Usage:
  npm run seed -- --tasks <number> [--owner <owner>] [--seed <number>]

Adds made-up tasks of the past four weeks to the database of the gateway: DATABASE_URL, or the embedded one in DATA_DIR. All
have ended, nothing about them is ever sent, polled or billed, and their results have expired.
  --tasks   how many: 1 to ${maxTasks}
  --owner   whose; left out: local, whose tasks a gateway without authentication shows
  --seed    0 or more; the same number makes the same tasks again, with other ids and times. Left out: other tasks each time`;

type Order = Pick<SeedOptions, 'tasks' | 'owner' | 'seed'>;

/** Throws what is wrong with the arguments. */
function orderOf(args: readonly string[]): Order {
  const value = { type: 'string' } as const;
  const {
    tasks,
    owner = 'local',
    seed,
  } = parseArgs({
    args: [...args],
    options: { tasks: value, owner: value, seed: value },
  }).values;
  if (tasks === undefined) throw new UsageError('Say how many: --tasks 1000.');
  if (!isOwnerName(owner)) throw new UsageError(`--owner ${ownerNameRule}`);
  return {
    tasks: wholeNumber('--tasks', tasks, 1, maxTasks),
    owner,
    seed: seed === undefined ? Date.now() : wholeNumber('--seed', seed, 0, Number.MAX_SAFE_INTEGER),
  };
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${option} must be a whole number from ${min} to ${max}.`);
}

async function fill(order: Order): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(process.env);
  // The gateway's own database, also while the gateway runs.
  await using opened = await openDatabase(config, silentLogger);
  const beganAt = performance.now();
  await seedTasks(opened.database, {
    ...order,
    catalogue: config.catalogue,
    until: new Date(),
    recorded: (count) => tellProgress(count, order.tasks),
  });
  const seconds = ((performance.now() - beganAt) / 1_000).toFixed(1);
  console.log(
    `${order.tasks} tasks of ${order.owner} within ${seconds} s, in ${opened.description} (--seed ${order.seed}).`,
  );
}

function tellProgress(count: number, tasks: number): void {
  if (count % 10_000 === 0 && count < tasks) console.error(`${count} of ${tasks}`);
}

await runCommand(usage, (words) => {
  const order = orderOf(words);
  return () => fill(order);
});
