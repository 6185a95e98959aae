import type { ServerResponse } from 'node:http';
import type { Readiness } from '../domain/readiness.ts';
import type { Logger } from '../logger.ts';
import { answerJson } from './answer.ts';

/** 200 where traffic is welcome, else 503; the body says what is wrong, or what an operator should know. */
export async function answerReadiness(
  response: ServerResponse,
  readiness: () => Promise<Readiness>,
  logger: Logger,
): Promise<void> {
  const state = await readiness().catch((error: unknown): Readiness => {
    logger.error({ err: error }, 'the readiness could not be determined');
    return { ready: false, details: { readiness: 'could not be determined, see the log' } };
  });
  answerJson(response, state.ready ? 200 : 503, state);
}
