import { existsSync } from 'node:fs';
import { ConfigError, readConfig } from './config.ts';
import { startGateway } from './gateway.ts';

/** Signals and exit code only: 0 after a clean stop, 1 when it could not start. */
async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const gateway = await startGateway(readConfig(process.env));
  console.log(gateway.facts.join('\n'));
  await Promise.race([received('SIGTERM'), received('SIGINT')]);
  console.log('Stopping: waiting for calls under way. A second signal ends at once.');
  await gateway[Symbol.asyncDispose]();
}

/** Only once, so that a second signal meets the default and ends the process. */
async function received(signal: NodeJS.Signals): Promise<void> {
  await new Promise<void>((resolve) => process.once(signal, () => resolve()));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
