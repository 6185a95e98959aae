import { expect, it } from 'vitest';
import { readSandboxConfig } from '../../src/sandbox/config.ts';

it('starts with an empty environment', () => {
  expect(readSandboxConfig({ SANDBOX_PORT: '' })).toEqual({
    port: 4001,
    speed: 1,
    failShare: 0,
    seed: 1,
    directory: '.data/sandbox',
  });
});

it('takes what is set', () => {
  const environment = {
    SANDBOX_PORT: '0',
    SANDBOX_SPEED: '0.5',
    SANDBOX_FAIL_SHARE: '1',
    SANDBOX_SEED: '3',
    DATA_DIR: '/d',
  };
  expect(readSandboxConfig(environment)).toEqual({
    port: 0,
    speed: 0.5,
    failShare: 1,
    seed: 3,
    directory: '/d/sandbox',
  });
});

it('lists all mistakes at once', () => {
  const environment = { SANDBOX_PORT: '70000', SANDBOX_SPEED: '-1', SANDBOX_FAIL_SHARE: '30%', SANDBOX_SEED: '1.5' };
  for (const name of Object.keys(environment)) {
    expect(() => readSandboxConfig(environment)).toThrow(name);
  }
});
