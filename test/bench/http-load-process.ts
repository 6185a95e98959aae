import { Pool } from 'undici';
import { z } from 'zod';
import { answerCommands } from './child.ts';
import { commandSchema } from './http-load.ts';
import { applyLoad } from './load.ts';

/** The child of http-load.ts: posts bodies to a URL on a number of connections, with headers; all three are arguments. */
const [url, concurrency, given] = z.tuple([z.url(), z.coerce.number(), z.string()]).parse(process.argv.slice(2));
const { origin, pathname: path } = new URL(url);
const pool = new Pool(origin, { connections: concurrency });
const headers = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json',
  ...z.record(z.string(), z.string()).parse(JSON.parse(given)),
};

async function post(body: string): Promise<void> {
  const response = await pool.request({ path, method: 'POST', headers, body });
  const text = await response.body.text();
  // Refusals are quick and must not count. Parsing each answer would slow the load down.
  if (response.statusCode !== 200 || text.includes('"errors":') || text.includes('Error"')) throw new Error(text);
}

answerCommands(commandSchema, ({ bodies, extent }) =>
  applyLoad(concurrency, extent, (index) => post(bodies[index % bodies.length] ?? '')),
);
