import { pino, stdSerializers, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { forgetRows } from './quoted-rows.ts';

/** Structured logs: `logger.info({ taskId, requestId }, 'what happened')`. Secrets are never passed to it. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export function createLogger(level: (typeof logLevels)[number], destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: withoutRows } };
  return destination ? pino(options, destination) : pino(options);
}

/** Also out of what does not come from our own connections, which let no row through. */
function withoutRows(error: Error): object {
  forgetRows(error);
  return stdSerializers.err(error);
}

export const silentLogger: Logger = pino({ level: 'silent' });
