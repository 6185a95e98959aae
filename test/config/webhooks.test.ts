import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import { makeWebhookSecret } from '../../src/domain/task/webhook-secret.ts';

function mistakesOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.mistakes : [String(error)];
  }
}

test('webhooks are signed by one or several secrets, and may be sent to named origins', () => {
  const [one, other] = [makeWebhookSecret(), makeWebhookSecret()];
  expect(readConfig({ WEBHOOK_SECRET: one }).webhooks).toEqual({ secrets: [one], exemptOrigins: [] });
  const both = { WEBHOOK_SECRET: `${one}, ${other}`, WEBHOOK_ALLOW_ORIGINS: 'http://localhost:3000,https://hooks.lan' };
  expect(readConfig(both).webhooks).toEqual({
    secrets: [one, other],
    exemptOrigins: ['http://localhost:3000', 'https://hooks.lan'],
  });
});

test.each(['hush', 'whsec_hush', `whsec_${Buffer.alloc(23).toString('base64')}`, `${makeWebhookSecret()},hush`])(
  'a secret that is none stops the start, and is not repeated',
  (secret) => {
    const mistakes = mistakesOf({ WEBHOOK_SECRET: secret });
    expect(mistakes).toEqual([expect.stringMatching(/^WEBHOOK_SECRET: must be whsec_/)]);
    expect(mistakes[0]).not.toContain('hush');
  },
);

test.each([
  'localhost:3000',
  'http://localhost:3000/hook',
  'http://localhost:3000/',
  'ftp://localhost',
  '*',
  'HTTP://A',
])('%s is no origin to send webhooks to', (origin) => {
  const mistakes = mistakesOf({ WEBHOOK_ALLOW_ORIGINS: origin });
  expect(mistakes).toEqual([expect.stringMatching(/^WEBHOOK_ALLOW_ORIGINS: ".+" must be an origin/)]);
});
