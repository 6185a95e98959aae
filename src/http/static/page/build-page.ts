import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { replaceFolder } from '../../../kit/replace-folder.ts';
import { hashSources, sourceFolder, sourcesFile } from './page-folder.ts';

const compressible = /\.(?:js|css|svg)$/;

/** Builds the page into `folder`, which is replaced once the build is complete. Rejects with the mistakes in the sources. */
export async function buildPage(folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  const { build } = await import('vite');
  const sources = await hashSources();
  await build({
    configFile: false,
    root: sourceFolder,
    logLevel: 'warn',
    build: {
      outDir: unfinished,
      emptyOutDir: true,
      assetsDir: 'page',
      // The page's policy refuses inline assets.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'es2022',
    },
  });
  await compressAll(join(unfinished, 'page'));
  await writeFile(join(unfinished, sourcesFile), sources ?? '');
  await replaceFolder(folder, unfinished);
}

async function compressAll(folder: string): Promise<void> {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  const names = (await readdir(folder)).filter((name) => compressible.test(name));
  for (const path of names.map((name) => join(folder, name))) {
    const content = await readFile(path);
    await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
    await writeFile(`${path}.br`, await promisify(brotliCompress)(content, quality));
  }
}
