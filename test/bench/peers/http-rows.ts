import { deepStrictEqual } from 'node:assert/strict';
import { z } from 'zod';
import { alternate } from '../alternate.ts';
import { startHttpLoad, type HttpLoad } from '../http-load.ts';
import { concurrency, round, rounds } from '../list-page.ts';
import { perSecond } from '../load.ts';
import { median } from '../statistics.ts';
import { pageAfter, taskWith } from '../task-documents.ts';
import type { Arena, Server } from './arena.ts';
import { cpuMsOf } from './cpu.ts';
import type { Measured } from './goal.ts';

/** Until what is called often was compiled: more of the gateway's code than of a smaller server's. */
const warmUp = { forMs: 4_000 };

type Comparison = {
  arena: Arena;
  peer: Server;
  bodies: readonly string[];
  connections: number;
  /** What one round comes to. */
  measure(apply: () => ReturnType<HttpLoad['post']>, server: Server): Promise<number>;
};

export async function comparePages(arena: Arena): Promise<Measured> {
  using peer = await arena.start('mercurius', 'jit', 'named');
  const bodies = arena.places.map(pageAfter);
  return await compare({ arena, peer, bodies, connections: concurrency, measure: rate });
}

/** Milliseconds of CPU a page. */
export async function comparePageCpu(arena: Arena): Promise<Measured> {
  using peer = await arena.start('postgresJson');
  const bodies = arena.places.map(pageAfter);
  const cpuMs = async ({ pid }: Server): Promise<number> => (await cpuMsOf(pid)) + (await arena.postgresCpuMs());
  const measure: Comparison['measure'] = async (apply, server) => {
    const before = await cpuMs(server);
    const { latenciesMs } = await apply();
    return ((await cpuMs(server)) - before) / latenciesMs.length;
  };
  return await compare({ arena, peer, bodies, connections: concurrency, measure });
}

/** Milliseconds. */
export async function comparePageAlone(arena: Arena): Promise<Measured> {
  using peer = await arena.start('mercurius');
  const bodies = arena.places.map(pageAfter);
  const measure: Comparison['measure'] = async (apply) => median((await apply()).latenciesMs);
  return await compare({ arena, peer, bodies, connections: 1, measure });
}

export async function compareOneTask(arena: Arena): Promise<Measured> {
  using peer = await arena.start('mercurius');
  const bodies = arena.places.map(taskWith);
  return await compare({ arena, peer, bodies, connections: concurrency, measure: rate });
}

export async function compareTypename(arena: Arena): Promise<Measured> {
  using peer = await arena.start('leanYoga');
  const bodies = [JSON.stringify({ query: '{__typename}' })];
  return await compare({ arena, peer, bodies, connections: concurrency, measure: rate });
}

/** Requests a second. */
const rate: Comparison['measure'] = async (apply) => perSecond(await apply());

async function compare({ arena, peer, bodies, connections, measure }: Comparison): Promise<Measured> {
  const { gateway } = arena;
  for (const body of bodies) deepStrictEqual(await ask(gateway, body), await ask(peer, body));
  using load = startHttpLoad(`${gateway.url}/graphql`, connections);
  using loadBeside = startHttpLoad(`${peer.url}/graphql`, connections);
  for (const cold of [load, loadBeside]) await cold.post(bodies, warmUp);
  const side = (through: HttpLoad, server: Server) => () => measure(() => through.post(bodies, round), server);
  const [ours, theirs] = [side(load, gateway), side(loadBeside, peer)];
  const { measured, beside } = await alternate(rounds, ours, theirs);
  return { value: [median(measured)], beside: [median(beside)] };
}

const answerSchema = z.strictObject({ data: z.record(z.string(), z.unknown()) });

/** What a server answers, but for the moment at which it did. */
async function ask({ url }: Server, body: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  const text = await response.text();
  const withoutMoment = (key: string, value: unknown): unknown => (key === 'asOf' ? null : value);
  const answer = answerSchema.safeParse(JSON.parse(text, withoutMoment));
  if (!answer.success) throw new Error(`${url} answered: ${text}`);
  return answer.data;
}
