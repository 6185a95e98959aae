// What `npm start` runs. Plain JavaScript, so that any Node can read it and say what is missing.
import { existsSync } from 'node:fs';

const needed = 24;
const has = Number.parseInt(process.versions.node, 10);

if (!existsSync(new URL('../node_modules', import.meta.url))) {
  console.error('The gateway is not installed yet: run `npm ci` first.');
  process.exitCode = 1;
} else if (has < needed) {
  console.error(
    `The gateway needs Node ${needed}, and this is ${process.version}. ` +
      '`npm ci` brings it along where npm has it for the machine, and `npm start` uses it; elsewhere, install it.',
  );
  process.exitCode = 1;
} else {
  await import('./main.ts');
}
