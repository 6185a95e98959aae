import { join } from 'node:path';
import { z } from 'zod';

export type SandboxConfig = { port: number; speed: number; failShare: number; seed: number };

export class SandboxConfigError extends Error {
  override readonly name = 'SandboxConfigError';
}

/** The sandbox's variables with their defaults. */
export const sandboxVariables = {
  SANDBOX_PORT: number('a whole number from 0 to 65535', /^\d+$/, (value) => value <= 65_535).default(4001),
  SANDBOX_SEED: number('a whole number from 0 to 999999999', /^\d{1,9}$/, () => true).default(1),
  SANDBOX_FAIL_SHARE: number('a number from 0 to 1', decimal(), (value) => value <= 1).default(0),
  SANDBOX_SPEED: number('a number above 0, at most 10000', decimal(), (value) => value > 0 && value <= 10_000).default(
    1,
  ),
};

const environment = z.object({ ...sandboxVariables, DATA_DIR: z.string().default('.data') });

export function sandboxConfigOf(given: z.infer<z.ZodObject<typeof sandboxVariables>>): SandboxConfig {
  return {
    port: given.SANDBOX_PORT,
    speed: given.SANDBOX_SPEED,
    failShare: given.SANDBOX_FAIL_SHARE,
    seed: given.SANDBOX_SEED,
  };
}

/** For a sandbox that runs alone; an empty value counts as unset. */
export function readSandboxConfig(
  variables: Readonly<Record<string, string | undefined>>,
): SandboxConfig & { directory: string } {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new SandboxConfigError(`The sandbox cannot start with this environment:\n${mistakes.join('\n')}`);
  }
  return { ...sandboxConfigOf(parsed.data), directory: join(parsed.data.DATA_DIR, 'sandbox') };
}

function number(what: string, pattern: RegExp, isAllowed: (value: number) => boolean) {
  const error = `must be ${what}`;
  return z.string().trim().regex(pattern, error).transform(Number).refine(isAllowed, error);
}

function decimal(): RegExp {
  return /^\d+(\.\d+)?$/;
}
