import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

export type PageFile = {
  contentType: string;
  body: Buffer;
  /** The same, compressed; smallest first. */
  encoded: readonly { encoding: 'br' | 'gzip'; body: Buffer }[];
};

/** By the path that it is asked for. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const contentTypes = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

/** The built page. Rejects where there is none. */
export async function loadPageFiles(folder: string): Promise<PageFiles> {
  const paths = ['index.html', ...(await readdir(join(folder, 'page'))).map((name) => `page/${name}`)];
  const contents = new Map<string, Buffer>();
  for (const path of paths) contents.set(`/${path}`, await readFile(join(folder, path)));
  return new Map([...contents].flatMap(([path, body]) => fileOf(path, body, contents)));
}

function fileOf(path: string, body: Buffer, contents: ReadonlyMap<string, Buffer>): [string, PageFile][] {
  const contentType = contentTypes.get(extname(path));
  if (contentType === undefined) return [];
  const [br, gzip] = [contents.get(`${path}.br`), contents.get(`${path}.gz`)];
  const encoded = [
    ...(br ? [{ encoding: 'br' as const, body: br }] : []),
    ...(gzip ? [{ encoding: 'gzip' as const, body: gzip }] : []),
  ];
  return [[path, { contentType, body, encoded }]];
}
