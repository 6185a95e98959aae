import { pino, stdSerializers, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { forgetRows } from './quoted-rows.ts';

/** Structured logs: `logger.info({ taskId, requestId }, 'what happened')`. Never pass secrets. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export function createLogger(level: (typeof logLevels)[number], destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: withoutRows } };
  return destination ? pino(options, destination) : pino(options);
}

/** Our own connections remove rows from their errors themselves; this is for all other errors. */
function withoutRows(error: Error): object {
  forgetRows(error);
  return stdSerializers.err(error);
}

export const silentLogger: Logger = pino({ level: 'silent' });
