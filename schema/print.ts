import { readFile, writeFile } from 'node:fs/promises';
import { printSchema } from 'graphql';
import { schema } from './index.ts';

/** Writes schema.graphql, from which the clients' types are made; with --check, only checks that it is up to date. */
const file = new URL('schema.graphql', import.meta.url);
const printed = `${printSchema(schema)}\n`;

if (!process.argv.includes('--check')) {
  await writeFile(file, printed);
} else if ((await readFile(file, 'utf8').catch(() => '')) !== printed) {
  console.error('schema/schema.graphql is not what the code says. Run `npm run codegen` and commit the result.');
  process.exitCode = 1;
}
