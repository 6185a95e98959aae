import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { sourceFolder } from './page-folder.ts';

const compressible = /\.(?:js|css|svg)$/;

/** Builds the page into `folder`, which appears when it is complete. Rejects with what is wrong in the sources. */
export async function buildPage(folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  const { build } = await import('vite');
  await build({
    configFile: false,
    root: sourceFolder,
    logLevel: 'warn',
    build: {
      outDir: unfinished,
      emptyOutDir: true,
      assetsDir: 'page',
      // Nothing inline, which the page's policy would refuse.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'es2022',
    },
  });
  await compressAll(join(unfinished, 'page'));
  await publish(unfinished, folder);
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

/** Of several processes that build at once, the first one's build stays; those of other sources go. */
async function publish(unfinished: string, folder: string): Promise<void> {
  const beside = dirname(folder);
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true, force: true }));
  const others = (await readdir(beside)).filter((name) => !name.startsWith(basename(folder)));
  await Promise.all(others.map((name) => rm(join(beside, name), { recursive: true, force: true })));
}
