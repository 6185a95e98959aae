import type { ServerResponse } from 'node:http';
import type { Logger } from '../kit/logger.ts';
import { answerJson } from './request/answer.ts';

/** Whether this process should get traffic. `details` names what is wrong, or what an operator should know. */
export type Readiness = { ready: boolean; details: Record<string, string> };

type ReadinessOptions = {
  readiness(): Promise<Readiness>;
  /** Whether to include `details`: the vendor's messages in them may name its account. */
  withDetails: boolean;
  logger: Logger;
};

export async function answerReadiness(
  response: ServerResponse,
  { readiness, withDetails, logger }: ReadinessOptions,
): Promise<void> {
  const state = await readiness().catch((error: unknown): Readiness => {
    logger.error({ err: error }, 'the readiness could not be determined');
    return { ready: false, details: { readiness: 'could not be determined, see the log' } };
  });
  answerJson(response, state.ready ? 200 : 503, withDetails ? state : { ready: state.ready });
}
