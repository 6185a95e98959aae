/**
 * mercurius in front of the gateway's rows, with resolvers written by hand. It leaves out what the gateway does beside its
 * answers: authentication, limits of operations and bodies, masked errors, a log and metrics.
 */
import fastify from 'fastify';
import mercurius from 'mercurius';
import { z } from 'zod';
import { tellUrl } from '../tell-url.ts';
import { resolvers, type Context } from './resolvers.ts';
import { createTaskRows } from './task-rows.ts';
import { typeDefinitions } from './type-definitions.ts';

const [databaseUrl, owner, ...flags] = z.tuple([z.string(), z.string()], z.string()).parse(process.argv.slice(2));
const rows = createTaskRows(databaseUrl, { named: flags.includes('named') });
const server = fastify();
await server.register(mercurius, {
  schema: typeDefinitions,
  resolvers,
  // From the first time that a document comes.
  jit: flags.includes('jit') ? 1 : 0,
  context: (): Context => ({ owner, rows, histories: rows.createHistories() }),
});
tellUrl(await server.listen({ host: '127.0.0.1', port: 0 }));
