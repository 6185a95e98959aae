// What `npm start` runs. Plain JavaScript, so that any Node can read it and say what is missing.
import { existsSync } from 'node:fs';
import { refusalOfNode } from './kit/needed-node.js';

const refusal = existsSync(new URL('../node_modules', import.meta.url))
  ? refusalOfNode(process.versions.node)
  : 'The gateway is not installed yet: run `npm ci` first.';

if (refusal === null) {
  const { runBundle } = await import('./bundle/run-bundle.js');
  await runBundle();
} else {
  console.error(refusal);
  process.exitCode = 1;
}
