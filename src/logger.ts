import { pino, type Logger as PinoLogger } from 'pino';

/** Structured logs: `logger.info({ taskId, requestId }, 'what happened')`. Secrets are never passed to it. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export function createLogger(level: (typeof logLevels)[number]): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}

export const silentLogger: Logger = pino({ level: 'silent' });
