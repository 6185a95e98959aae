import { z } from 'zod';
import { partsOf } from './values.ts';
import { isWebhookSecret } from '../domain/task/webhook-secret.ts';

export type WebhookConfig = {
  /** All of them sign for owners without a secret of their own. */
  secrets: readonly string[];
  /** As `URL.origin` spells them: receivers there may have private addresses, and do without TLS. */
  exemptOrigins: readonly string[];
};

export const webhookVariables = {
  WEBHOOK_SECRET: z.string().default('').transform(parseSecrets),
  WEBHOOK_ALLOW_ORIGINS: z.string().default('').transform(parseOrigins),
};

type WebhookEnvironment = z.infer<z.ZodObject<typeof webhookVariables>>;

export function webhookConfigOf(environment: WebhookEnvironment): WebhookConfig {
  return { secrets: environment.WEBHOOK_SECRET, exemptOrigins: environment.WEBHOOK_ALLOW_ORIGINS };
}

/** The message does not repeat the value: it may be a secret all the same. */
function parseSecrets(list: string, context: z.RefinementCtx): string[] {
  const parts = partsOf(list);
  if (!parts.every(isWebhookSecret)) {
    const message = 'must be whsec_ and the Base64 of 24 to 64 random bytes; several are separated by commas';
    context.addIssue({ code: 'custom', message });
  }
  return parts;
}

function parseOrigins(list: string, context: z.RefinementCtx): string[] {
  const parts = partsOf(list);
  for (const part of parts) {
    if (/^https?:/.test(part) && URL.parse(part)?.origin === part) continue;
    const message = `"${part}" must be an origin, without a path, such as http://localhost:3000`;
    context.addIssue({ code: 'custom', message });
  }
  return parts;
}
