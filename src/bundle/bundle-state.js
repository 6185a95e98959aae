// Plain JavaScript: loading what strips types would cost a part of what the bundle saves.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashFiles } from '../kit/hash-files.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const bundleFolder = join(root, '.bundle');
export const manifestFile = 'manifest.json';
export const mainFile = 'main.js';

export function stateOfBundle(folder = bundleFolder) {
  if (!existsSync(join(folder, manifestFile))) return 'missing';
  try {
    const manifest = JSON.parse(readFileSync(join(folder, manifestFile), 'utf8'));
    if (!manifest.sources.every((path) => existsSync(join(root, path)))) return 'outdated';
    if (hashFiles(root, manifest.sources) !== manifest.hash) return 'outdated';
    const isWhole = Object.entries(manifest.sizes).every(([name, size]) => statSync(join(folder, name)).size === size);
    return isWhole ? 'current' : 'damaged';
  } catch {
    return 'damaged';
  }
}
