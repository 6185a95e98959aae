import { join } from 'node:path';
import { z } from 'zod';

export type SandboxConfig = { port: number; speed: number; failShare: number; seed: number; directory: string };

/** The environment holds values that the sandbox can't start with. `message` lists all of them. */
export class SandboxConfigError extends Error {
  override readonly name = 'SandboxConfigError';
}

const number = z
  .string()
  .trim()
  .regex(/^-?\d+(\.\d+)?$/, 'must be a number')
  .transform(Number);

const environment = z.object({
  SANDBOX_PORT: number.pipe(z.int('must be a whole number').min(0).max(65_535)).default(4001),
  SANDBOX_SPEED: number.pipe(z.number().positive('must be more than 0')).default(1),
  SANDBOX_FAIL_SHARE: number.pipe(z.number().min(0).max(1, 'must be between 0 and 1')).default(0),
  SANDBOX_SEED: number.pipe(z.int('must be a whole number')).default(1),
  DATA_DIR: z.string().default('.data'),
});

/** Reads what the sandbox needs from the environment; an empty value counts as none. */
export function readSandboxConfig(variables: Readonly<Record<string, string | undefined>>): SandboxConfig {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new SandboxConfigError(`The sandbox cannot start with this environment:\n${mistakes.join('\n')}`);
  }
  return {
    port: parsed.data.SANDBOX_PORT,
    speed: parsed.data.SANDBOX_SPEED,
    failShare: parsed.data.SANDBOX_FAIL_SHARE,
    seed: parsed.data.SANDBOX_SEED,
    directory: join(parsed.data.DATA_DIR, 'sandbox'),
  };
}
