import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { refusalOfNode } from '../kit/needed-node.js';
import type { GatewayOverrides } from './gateway.ts';

/** What differs from the gateway as `npm start` runs it. What is put on the stack is disposed of after the gateway. */
export type OpenOverrides = (running: AsyncDisposableStack) => Promise<GatewayOverrides>;

/** Runs a gateway until a signal comes, and tells what went wrong: exit code 0 after a clean stop, 1 when it could not start. */
export async function runGateway(openOverrides: OpenOverrides = () => Promise.resolve({})): Promise<void> {
  try {
    await run(openOverrides);
  } catch (error) {
    // What stops a start says in its message what to do; where it happened is for who works on the gateway.
    console.error(error instanceof Error && process.env['LOG_LEVEL'] !== 'debug' ? error.message : error);
    process.exitCode = 1;
  }
}

async function run(openOverrides: OpenOverrides): Promise<void> {
  const refusal = refusalOfNode(process.versions.node);
  if (refusal !== null) throw new Error(refusal);
  // From the first moment: a start that is asked to stop stops in order, too.
  const { asked, hasStarted } = listenForStop();
  if (existsSync('.env')) process.loadEnvFile('.env');
  // Before anything is loaded: a third of a boot would be compiling.
  enableCompileCache();
  const { readConfig } = await import('../config/config.ts');
  const config = readConfig(process.env);
  const { startGateway } = await import('./gateway.ts');
  await using running = new AsyncDisposableStack();
  const gateway = running.use(await startGateway(config, await openOverrides(running)));
  console.log(gateway.facts.join('\n'));
  hasStarted();
  await asked;
  console.log('Stopping: waiting for calls under way. A second signal ends at once.');
}

/** Only once, so that a second signal, the same or the other, meets the default and ends the process. */
function listenForStop(): { asked: Promise<void>; hasStarted(): void } {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let isStarting = true;
  const stop = (): void => {
    for (const signal of signals) process.off(signal, stop);
    if (isStarting) console.log('Stopping as soon as it has started. A second signal ends at once.');
    resolve();
  };
  for (const signal of signals) process.on(signal, stop);
  return { asked, hasStarted: () => void (isStarting = false) };
}
