import { writeFile } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OutputChunk, Plugin } from 'rolldown';
import { hashFiles } from '../kit/hash-files.js';
import { replaceFolder } from '../kit/replace-folder.ts';
import { mainFile, type Manifest, manifestFile, root } from './bundle-state.js';
import { keepCompiled } from './run-bundle.js';

/** What decides how the sources are bundled: the versions of the libraries, and this file. */
const alsoFrom = ['package-lock.json', 'src/bundle/build-bundle.ts'];

/** Left in `node_modules`: what `pg` and `ws` try to load and do without, and the nine megabytes of GraphiQL. */
const external = ['pg-native', 'bufferutil', 'utf-8-validate', '@graphql-yoga/render-graphiql/graphiql'];

/** Bundles what `npm start` runs, with its libraries, into `folder`, which is replaced once the bundle is complete. */
export async function buildBundle(folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  const chunks = await bundleInto(unfinished);
  await writeFile(join(unfinished, manifestFile), JSON.stringify(manifestOf(chunks)));
  await replaceFolder(folder, unfinished);
  await compileAhead(folder, chunks);
}

async function bundleInto(folder: string): Promise<OutputChunk[]> {
  const { rolldown } = await import('rolldown');
  await using bundle = await rolldown({
    input: { main: join(root, 'src/main.ts') },
    platform: 'node',
    external,
    plugins: [keepPlaces(folder)],
  });
  const { output } = await bundle.write({
    dir: folder,
    cleanDir: true,
    entryFileNames: mainFile,
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    // The sources are at hand.
    sourcemapExcludeSources: true,
  });
  return output.filter((file) => file.type === 'chunk');
}

/** For a module in the bundle, `import.meta.url` is still its source: what lies beside it is found there, threads too. */
function keepPlaces(folder: string): Plugin {
  return {
    name: 'keep-places',
    transform(code, path) {
      if (!isOwn(path) || !code.includes('import.meta.url')) return null;
      const place = `new URL(${JSON.stringify(pathFrom(folder, path))}, import.meta.url).href`;
      return { code: code.replaceAll('import.meta.url', place), map: null };
    },
  };
}

function manifestOf(chunks: readonly OutputChunk[]): Manifest {
  const own = chunks.flatMap(({ moduleIds }) => moduleIds).filter(isOwn);
  const sources = [...own.map((path) => pathFrom(root, path)), ...alsoFrom].toSorted();
  const sizes = Object.fromEntries(chunks.map(({ fileName, code }) => [fileName, Buffer.byteLength(code)]));
  return { sources, hash: hashFiles(root, sources), sizes };
}

/** So that the first start finds its code compiled, too. Loads everything, and runs nothing. */
async function compileAhead(folder: string, chunks: readonly OutputChunk[]): Promise<void> {
  keepCompiled(folder);
  const parts = chunks.filter(({ isEntry }) => !isEntry);
  await Promise.all(parts.map(({ fileName }) => import(pathToFileURL(join(folder, fileName)).href)));
  flushCompileCache();
}

function isOwn(path: string): boolean {
  return path.startsWith(root) && !path.includes('node_modules');
}

function pathFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
