import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '../../src/config/config.ts';
import { startGateway, type Gateway, type GatewayOverrides } from '../../src/gateway/gateway.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import type { Database } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import type { Benchmark } from './benchmark.ts';
import { createBody } from './create-burst.ts';
import { createRoundRobin } from './round-robin.ts';

const images = 500;
/** A picture of 8 s takes 32 s, so that most of them are in flight together. */
const speed = 0.25;

type Played = { meanDelaySeconds: number; callsPerTask: number; refusedShare: number };

export const pollingLive: Benchmark = {
  name: 'polling-live',
  description:
    `${images} images at once through the whole gateway, against the sandbox at the vendor's own limits: how long after ` +
    'its end each was seen to have ended, beside round robin on the same tasks. Takes five minutes',
  byNameOnly: true,

  async run() {
    const [learned, inTurn] = [await play({}), await play({ createPolicy: createRoundRobin })];
    const row = (what: string, unit: string, of: (played: Played) => number) => ({
      what,
      unit,
      samples: [of(learned)],
      beside: { what: 'round robin', samples: [of(inTurn)] },
    });
    return [
      row('from done to seen, mean', 's', ({ meanDelaySeconds }) => meanDelaySeconds),
      row('Describe calls a task', '', ({ callsPerTask }) => callsPerTask),
      row('calls refused, of all', '%', ({ refusedShare }) => 100 * refusedShare),
    ];
  },
};

async function play(overrides: GatewayOverrides): Promise<Played> {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
  const config = readConfig({
    PORT: '0',
    SANDBOX_PORT: '0',
    DATA_DIR: directory,
    LOG_LEVEL: 'silent',
    CREATE_WAIT_MS: '0',
    SANDBOX_SPEED: String(speed),
  });
  try {
    await using opened = await openDatabase(config, silentLogger);
    await using gateway = await startGateway(config, { logger: silentLogger, ...overrides });
    await Promise.all(Array.from({ length: images }, () => create(gateway.url)));
    const endedAt = await untilAllEnded(opened.database);
    return { meanDelaySeconds: meanDelay(gateway, endedAt), ...(await readCalls(gateway.url)) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function create(url: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: createBody() });
  if (!response.ok) throw new Error(`A create was answered with ${response.status}.`);
  await response.arrayBuffer();
}

/** When each was seen to have ended, by its upstream id. */
async function untilAllEnded(database: Database): Promise<Map<string, Date>> {
  for (;;) {
    await pause(500);
    const rows = await database.selectFrom('task').select(['upstream_task_id', 'ended_at']).execute();
    const ended = rows.flatMap(({ upstream_task_id: id, ended_at: at }) =>
      id === null || at === null ? [] : [[id, at] as const],
    );
    if (ended.length === images) return new Map(ended);
  }
}

function meanDelay({ sandbox }: Gateway, endedAt: ReadonlyMap<string, Date>): number {
  const delays = (sandbox?.tasks() ?? []).map(
    (task) => ((endedAt.get(task.taskId)?.getTime() ?? Number.NaN) - task.endsAt) / 1_000,
  );
  return delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
}

async function readCalls(url: string): Promise<Pick<Played, 'callsPerTask' | 'refusedShare'>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const calls = [...text.matchAll(/^gateway_upstream_calls_total\{action="(\w+)",outcome="([\w-]+)"\} (\d+)/gm)];
  const sum = (of: (action: string, outcome: string) => boolean): number =>
    calls.reduce((total, [, action = '', outcome = '', count]) => total + (of(action, outcome) ? Number(count) : 0), 0);
  return {
    callsPerTask: sum((action) => action.startsWith('Describe')) / images,
    refusedShare: sum((_, outcome) => outcome === 'RequestLimitExceeded') / sum(() => true),
  };
}
