import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const parameter = z.json().or(z.undefined());
const statement = z.object({
  sql: z.string(),
  /** Of an execution that found something, where there was one. */
  parameters: z.array(parameter),
  /** The names of what it answers, in order. */
  columns: z.array(z.string()),
});

/** What the gateway asks of PostgreSQL: each text once, in the order of the executions that are kept as examples. */
export type Statement = z.infer<typeof statement>;

const folder = join(import.meta.dirname, 'recorded');
const ending = '.json';
const pathOf = (release: string): string => join(folder, `${release}${ending}`);

/** The releases whose statements are recorded here. */
export async function findRecordedReleases(): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
}

export async function readStatements(release: string): Promise<Statement[]> {
  return z.array(statement).parse(JSON.parse(await readFile(pathOf(release), 'utf8')));
}

/** One a line, so that a change shows as one. */
export async function writeStatements(release: string, statements: readonly Statement[]): Promise<string> {
  const path = pathOf(release);
  await writeFile(path, `[\n${statements.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
  return path;
}

/** A value as it goes into the file, so that `boundOf` gives it back to PostgreSQL. */
export function storedOf(value: unknown): z.infer<typeof parameter> {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (typeof value === 'bigint') return value.toString();
  return parameter.parse(JSON.parse(JSON.stringify(value ?? null)));
}

const bytes = z.object({ bytes: z.string() });

export function boundOf(stored: unknown): unknown {
  const { success, data } = bytes.safeParse(stored);
  return success ? Buffer.from(data.bytes, 'hex') : stored;
}
