import { describe, expect, test } from 'vitest';
import { cleanMessage, plainText } from '../../src/upstream/clean-message.ts';

const credentials = { secretId: 'gateway-secret-id', secretKey: 'gateway-secret-key', token: 'gateway-token+/=' };

describe('a message of the vendor', () => {
  test.each([
    [
      'is kept as it is',
      'The prompt 小猫 is too long (1,001 > 1,000).',
      'The prompt 小猫 is too long (1,001 > 1,000).',
    ],
    ['loses our SecretId', 'Unknown id gateway-secret-id.', 'Unknown id [redacted].'],
    ['loses our secret key', 'key=gateway-secret-key', 'key=[redacted]'],
    ['loses our token, whatever characters it has', 'X-TC-Token: gateway-token+/=', 'X-TC-Token: [redacted]'],
    ['loses a secret as often as it is there', 'gateway-secret-key, gateway-secret-key', '[redacted], [redacted]'],
    ["loses anybody's SecretId", 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3 is disabled', '[redacted] is disabled'],
    [
      'loses an Authorization header',
      'Got "TC3-HMAC-SHA256 Credential=x/2026-01-01/mps/tc3_request, SignedHeaders=host, Signature=00ff00ff00ff00ff", sorry',
      'Got "[redacted]", sorry',
    ],
    ['loses a signature', 'expected Signature=00ff00ff00ff00ff but', 'expected [redacted] but'],
    ['becomes one line', ' one\r\n\ttwo\u0000three\u2028four ', 'one two three four'],
    ['cannot turn the text around it', 'safe \u202Egpj.exe', 'safe  gpj.exe'],
    ['becomes well-formed', 'half \uD83D of a cat', 'half \uFFFD of a cat'],
  ])('%s', (_what, message, cleaned) => {
    expect(cleanMessage(message, credentials)).toBe(cleaned);
  });

  test('is cut at 500 characters, between two of them', () => {
    const cleaned = cleanMessage('🐈'.repeat(501), credentials);
    expect(cleaned).toBe(`${'🐈'.repeat(499)}…`);
    expect(cleanMessage('🐈'.repeat(500), credentials)).toBe('🐈'.repeat(500));
  });

  test('does not show the head of a secret that the cut would have halved', () => {
    expect(cleanMessage(`${'x'.repeat(490)}gateway-secret-key`, credentials)).not.toContain('gateway');
  });

  test('keeps ordinary words where the credentials are those of a stand-in', () => {
    expect(cleanMessage('Invalid key.', { secretId: 'id', secretKey: 'key', token: '' })).toBe('Invalid key.');
  });
});

test('plain text keeps a status word that nobody knows yet', () => {
  expect(plainText('QUEUED_AGAIN')).toBe('QUEUED_AGAIN');
});
