import { hash, randomUUID } from 'node:crypto';
import { appendFileSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { ifPresent } from '../kit/system-error.ts';
import type { Account } from './account.ts';

/** A data folder that was made ahead, in one file: a copy of it takes a fraction of what initdb takes. */
export type DataTemplate = {
  file: string;
  /** Names what is in it beside what initdb makes. */
  content(): string;
};

const templateSchema = z.object({
  madeFor: z.string(),
  folders: z.array(z.string()),
  files: z.map(z.string(), z.instanceof(Buffer)),
});
export type Template = z.infer<typeof templateSchema>;

/** How the server was last started, which says something of the machine that it was made on. */
const leftOut = ['postmaster.opts'];

/** Writes the data folder of a server that was stopped to `file`. It has nothing secret in it. */
export async function packDataFolder(path: string, file: string, madeFor: string): Promise<void> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const nameOf = (entry: (typeof entries)[number]): string => join(entry.parentPath, entry.name).slice(path.length + 1);
  const names = entries.filter((entry) => entry.isFile()).map(nameOf);
  const folders = entries.filter((entry) => entry.isDirectory()).map(nameOf);
  // The databases of a new server are alike, and each content is written once.
  const contents = new Map<string, Buffer>();
  const files: Template['files'] = new Map();
  for (const name of names.filter((one) => !leftOut.includes(one))) {
    const content = await readFile(join(path, name));
    const digest = hash('sha256', content);
    files.set(name, contents.get(digest) ?? content);
    contents.set(digest, content);
  }
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, await promisify(gzip)(serialize({ madeFor, folders, files } satisfies Template)));
  await rename(unfinished, file);
}

/** The template in a file; null if there is none, or it was made for something else. Rejects where it is damaged. */
export async function readTemplate(file: string, madeFor: string): Promise<Template | null> {
  const packed = await ifPresent(readFile(file));
  if (packed === undefined) return null;
  const template = templateSchema.parse(deserialize(await promisify(gunzip)(packed)));
  return template.madeFor === madeFor ? template : null;
}

/**
 * Makes a data folder of a template, which initdb has to bring to the disk. It is distinguished from other copies by a
 * setting of its own, as they all have the same system identifier.
 */
export function unpackTemplate({ folders, files }: Template, path: string, account: Account): void {
  const own = (made: string): void => {
    if (account) chownSync(made, account.uid, account.gid);
  };
  for (const folder of [path, ...folders.toSorted().map((name) => join(path, name))]) {
    mkdirSync(folder, { mode: 0o700 });
    own(folder);
  }
  for (const [name, content] of files) {
    writeFileSync(join(path, name), content, { flag: 'wx', mode: 0o600 });
    own(join(path, name));
  }
  appendFileSync(join(path, 'postgresql.conf'), `gateway.data_folder = '${randomUUID()}'\n`);
}
