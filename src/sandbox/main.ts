import { existsSync } from 'node:fs';
import { createLogger } from '../kit/logger.ts';
import { vendorLimits } from './actions.ts';
import { readSandboxConfig, SandboxConfigError } from './config.ts';
import { sandboxCredentials, startSandbox } from './sandbox.ts';

try {
  if (existsSync('.env')) process.loadEnvFile();
  const config = readSandboxConfig(process.env);
  const sandbox = await startSandbox({ ...config, logger: createLogger('info') });
  const limits = Object.entries(vendorLimits).map(([action, limit]) => `  ${action.padEnd(22)} ${limit} a second`);
  console.log(
    [
      `Sandbox of Tencent Cloud MPS at ${sandbox.endpoint}, ${config.speed} × real time`,
      `SecretId ${sandboxCredentials.secretId}, SecretKey ${sandboxCredentials.secretKey}`,
      ...(sandbox.draws ? [] : ['Results are placeholders: what draws them is left out of a production install']),
      'Limits:',
      ...limits,
    ].join('\n'),
  );
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void sandbox.close());
  }
} catch (error) {
  console.error(error instanceof SandboxConfigError ? error.message : error);
  process.exitCode = 1;
}
