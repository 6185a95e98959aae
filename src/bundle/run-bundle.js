import { constants, enableCompileCache, setSourceMapsSupport } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFolder, mainFile, stateOfBundle } from './bundle-state.js';

const reasons = {
  missing: 'there is no bundle of them',
  outdated: 'the bundle was made from others',
  damaged: 'the bundle is damaged',
};

export async function runBundle() {
  const state = stateOfBundle();
  if (state !== 'current') {
    console.log(`Started    from the sources, as ${reasons[state]}: npm run build makes a new one`);
    await import('../main.ts');
    return;
  }
  keepCompiled(bundleFolder);
  setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
  await import(pathToFileURL(join(bundleFolder, mainFile)).href);
}

export function keepCompiled(folder) {
  const { status } = enableCompileCache(join(folder, 'compiled'));
  if (status === constants.compileCacheStatus.FAILED) enableCompileCache();
}
